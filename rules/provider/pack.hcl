summary = "providers, generated files, and resources that never run again"

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "KYVERNO_LIFECYCLE_V1"
  }
}

params {
  # The lowest version of a provider that works.
  floors = { kubernetes = "3.2.1" }

  # Locals that Terragrunt generates for every stack.
  generated_locals = ["tiers"]

  # The label whose values are in one of them.
  tier_values = ["0-core", "1-cluster", "2-gpu", "3-edge", "4-aux"]

  # What others log in with, and what it signs its tokens with.
  login_providers = ["authentik_provider_oauth2"]
  login_keys      = ["signing_key"]

  # Functions that say something about what they are given.
  hashes = [
    "base64sha256", "base64sha512", "file", "filebase64sha256", "filebase64sha512", "filemd5", "filesha1", "filesha256",
    "filesha512", "md5", "plantimestamp", "sha1", "sha256", "sha512", "templatefile", "timestamp", "uuid",
  ]
}

# What every module says of the providers that it needs.
gather "requirements" {
  label = "the provider's version is required here"
  select "block" { type = "terraform" }
  each "entry" { path = "required_providers[*][*]" }
  let "provider" { text = "{entry_key}" }
  let "version" { path = "entry.version" }
}
