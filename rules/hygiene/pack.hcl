summary = "code that Terraform would refuse, and code that nothing uses"

# Any Terraform repo could live by these rules; this one says that it does by running every plan through its wrapper.
applies_when {
  file {
    path     = "scripts/tg"
    contains = "TIER0_STACKS"
  }
}

params {
  # Files that exist to be read by Terraform.
  value_files = ["**/*.tpl", "**/*.tftpl", "**/*values*.{yaml,yml}", "{stacks,modules}/**/*.{yaml,yml}"]

  # YAML that a program reads as it is.
  yaml_files = [
    ".woodpecker/**/*.{yaml,yml}",
    ".github/workflows/*.{yaml,yml}",
    "**/{docker-compose,compose}*.{yaml,yml}",
  ]

  # What `terraform fmt` formats. Terragrunt has a formatter of its own.
  formatted_files = ["**/*.tf", "**/*.tofu", "**/*.tfvars", "**/*.tftest.hcl", "**/*.tfmock.hcl"]

  # What may name a file without reading it.
  documents = ["docs/**", ".claude/**", ".planning/**", ".beads/**"]

  # Names of variables that hold a secret, and names that only look like it.
  secret_names    = "(?i)(^|_)(password|passwd|passphrase|secret|token|api_?key|private_?key|credentials?)($|_)"
  no_secret_names = "(?i)(_name|_names|_path|_id|_ids|_length|_ttl|_enabled|_namespace|_url|_file|_key_ref|_mount|_version)$"
}
