summary = "what pods ask for: memory, cores, graphics cards, and the tier that bounds them"

applies_when {
  file {
    path     = "**/*.tf"
    contains = "resource-governance/"
  }
}

applies_when {
  file {
    path     = "**/*.tf"
    contains = "viktorbarzin.me/gpumem"
  }
}

params {
  # The label of a namespace that names its tier.
  tier_label = "tier"

  # The policy that gives each tier its limits, and the label of a namespace that has limits of its own.
  limit_policies = ["generate-limitrange-by-tier"]
  own_limits     = "resource-governance/custom-limitrange"

  # The tiers in which memory is not promised twice.
  guaranteed_tiers = ["0-core", "1-cluster", "2-gpu"]
}

# Every namespace, its tier, and whether it has limits of its own.
gather "namespaces" {
  label = "the namespace is declared here"
  select "object" { kinds = ["Namespace"] }
  let "tier_label" { text = param.tier_label }
  let "own_label" { text = param.own_limits }
  let "named" { path = "metadata.name" }
  let "tier" { path = "metadata.labels[\"{tier_label}\"]" }
  let "own_limits" { path = "metadata.labels[\"{own_label}\"]" }
}

# What each tier gives a container that asks for nothing, and the most that one may ask for.
gather "tier_limits" {
  label = "the limits of the tier"
  select "object" { kinds = ["ClusterPolicy"] }
  where {
    path   = "metadata.name"
    one_of = param.limit_policies
  }
  let "tier_label" { text = param.tier_label }
  each "rule" { path = "spec.rules[*]" }
  let "tier" { path = "rule.match.any[*].resources.selector.matchLabels[\"{tier_label}\"]" }
  let "usual" { path = "rule.generate.data.spec.limits[*].default.memory" }
  let "most" { path = "rule.generate.data.spec.limits[*].max.memory" }
}

# The namespaces that get no limits at all.
gather "ungoverned_namespaces" {
  label = "the namespace is left out here"
  select "object" { kinds = ["ClusterPolicy"] }
  where {
    path   = "metadata.name"
    one_of = param.limit_policies
  }
  each "namespace" { path = "spec.rules[*].exclude.any[*].resources.namespaces[*]" }
}
