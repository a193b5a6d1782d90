summary = "what Kyverno changes behind Terraform's back"

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "\"inject-ndots\""
  }
}

applies_when {
  file {
    path     = "**/*.tf"
    contains = "# KYVERNO_LIFECYCLE_V1"
  }
}

params {
  # The policy that writes `ndots` into pods.
  ndots_policy = "inject-ndots"

  # The policy that copies the tier of a namespace to its workloads.
  tier_policy = "sync-tier-label-from-namespace"

  # The policy that sets how containers pull their images.
  pull_policy = "set-image-pull-policy"
}

# The policy that sets how containers pull.
gather "pull_policies" {
  label = "the policy is declared here"
  select "row" { of = "kubernetes.admission_policies" }
  where {
    path   = "named"
    equals = param.pull_policy
  }
}

# The tiers that it copies.
gather "tiers" {
  label = "the policy copies this tier"
  select "object" { kinds = ["ClusterPolicy"] }
  where {
    path   = "metadata.name"
    equals = param.tier_policy
  }
  each "tier" { path = "spec.rules[*].match.any[*].resources.namespaceSelector.matchLabels.tier" }
}

# The tiers that modules take from their local.
gather "tier_uses" {
  label = "the local is used here"
  select "text" {
    files   = ["**/*.{tf,tf.json}"]
    words   = ["local.tiers"]
    zones   = ["code", "string"]
    matches = "\\b(?<at>local\\.tiers)(?:\\.|\\[\")(?<short>[a-z]+)\\b"
  }
  let "used_in" { text = "{module}" }
}

# The namespaces that take their tier from a local of their module, which is called as the tier.
gather "tier_locals" {
  label = "the tier is said here"
  select "object" {
    kinds    = ["Namespace"]
    carriers = ["resource"]
  }
  let "named" { path = "metadata.name" }
  let "declared_in" { text = "{module}" }
  let "short" {
    path    = "metadata.labels.tier"
    capture = "^[0-9]+-(?<value>[a-z]+)$"
  }
  let "local" { text = "local.tiers.{short}" }
  where {
    path      = "metadata.labels.tier"
    refers_to = ["local.tiers", "local.tiers.*"]
  }
  where {
    exists {
      in    = "tier_uses"
      match = { short = "{short}", used_in = "{declared_in}" }
    }
  }
}

# The namespaces whose workloads it leaves alone.
gather "tier_exempt" {
  label = "the policy excludes the namespace here"
  select "object" { kinds = ["ClusterPolicy"] }
  where {
    path   = "metadata.name"
    equals = param.tier_policy
  }
  each "namespace" {
    path = ["spec.rules[*].exclude[*].resources.namespaces[*]", "spec.rules[*].exclude.resources.namespaces[*]"]
  }
}

# The policy that writes `ndots` into pods.
gather "ndots_policies" {
  label = "required here"
  select "object" { kinds = ["ClusterPolicy"] }
  where {
    path   = "metadata.name"
    equals = param.ndots_policy
  }
  let "header" { text = "{address}" }
}

# The namespaces whose pods it leaves alone.
gather "ndots_exempt" {
  label = "the policy excludes the namespace here"
  select "object" { kinds = ["ClusterPolicy"] }
  where {
    path   = "metadata.name"
    equals = param.ndots_policy
  }
  each "namespace" {
    path = ["spec.rules[*].exclude[*].resources.namespaces[*]", "spec.rules[*].exclude.resources.namespaces[*]"]
  }
}
