summary = "what is left of registries that no longer exist"

applies_when {
  file {
    path     = "**"
    contains = "registry.viktorbarzin.me"
  }
}

params {
  hosts = [
    { host = "registry.viktorbarzin.me", since = "2026-05-07", replacement = "ghcr.io/viktorbarzin" },
    { host = "10.0.20.10:5050", since = "2026-05-07", replacement = "ghcr.io/viktorbarzin" },
  ]

  # The port on which the retired service was published.
  ports = ["5050"]

  # Where a mention is a remnant of the service itself.
  residue = [
    { files = ["**/docker-compose*.{yml,yaml}", "**/compose*.{yml,yaml}", "**/*nginx*.conf", "**/hosts.toml"] },
    { files = ["**"], lines_with = ["[host.", "server = "] },
    { files = [".woodpecker/**", ".github/workflows/**"], lines_with = ["/v2/"] },
  ]
  residue_keys = ["auths"]
  port_files   = ["**/docker-compose*.{yml,yaml}", "**/compose*.{yml,yaml}", "**/*nginx*.conf"]
  port_words   = ["listen ", "server ", "proxy_pass ", "ports:"]

  # Documents that are instructions to agents: prose counts as a command.
  instructions = [".claude/skills/**"]

  # Keys whose values are sentences for people.
  prose_keys = ["description", "summary", "message", "error_message", "title"]

  # Where old names may stand: history, runbooks for working without the replacement, one-shot migrations,
  # samples that nothing reads.
  exempt_files = [
    "docs/plans/**",
    "docs/post-mortems/**",
    "**/20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]-*",
    "CHANGELOG.md",
    "docs/runbooks/forgejo-registry-breakglass.md",
    "scripts/forgejo-migrate-orphan-images.sh",
    "**/*.example",
  ]
}
