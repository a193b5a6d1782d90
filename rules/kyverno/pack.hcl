summary = "what Kyverno changes behind Terraform's back"

applies_when {
  file {
    path     = "**/*.tf"
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

# The namespaces whose workloads it leaves alone.
gather "tier_exempt" {
  label = "the policy excludes the namespace here"
  select "object" { kinds = ["ClusterPolicy"] }
  where {
    path   = "metadata.name"
    equals = param.tier_policy
  }
  each "namespace" { path = "spec.rules[*].exclude.any[*].resources.namespaces[*]" }
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
  each "namespace" { path = "spec.rules[*].exclude.any[*].resources.namespaces[*]" }
}
