summary = "container images and the registries they come from"

applies_when {
  file {
    path     = "**/*.tf"
    contains = "\"require-trusted-registries\""
  }
}

applies_when {
  file {
    path     = "**"
    contains = "forgejo.viktorbarzin.me"
  }
}

applies_when {
  file {
    path     = "**"
    contains = "registry.viktorbarzin.me"
  }
}

params {
  # Gone for good: nothing answers there. The `registry` pack reads this list too.
  retired_registries = [
    { host = "registry.viktorbarzin.me", since = "2026-05-07", replacement = "ghcr.io/viktorbarzin/{name}" },
    { host = "10.0.20.10:5050", since = "2026-05-07", replacement = "ghcr.io/viktorbarzin/{name}" },
  ]

  # Emptied, and alive as a git host.
  frozen_registries = [
    { host = "forgejo.viktorbarzin.me", since = "2026-06-13", replacement = "ghcr.io/viktorbarzin/{name}" },
  ]

  # Where old names may stand: the settings that list them, what says of itself that it is history, the runbooks for
  # working without the replacement, one-shot migrations that name the old place and the new one, and samples that
  # nothing reads.
  exempt_files = [
    "tautline.hcl",
    "docs/plans/**",
    "docs/post-mortems/**",
    "**/20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]-*",
    "CHANGELOG.md",
    "docs/runbooks/forgejo-registry-breakglass.md",
    "scripts/forgejo-migrate-orphan-images.sh",
    "**/*.example",
  ]
}
