summary = "what pods ask for: memory, cores, graphics cards, and the tier that bounds them"

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "resource-governance/"
  }
}

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
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

  # The policy that takes limits on cores out of every pod.
  stripping_policies = ["strip-cpu-limits"]

  # The resource that is a share of a graphics card, the label of the nodes that have one, and the taint that keeps others off.
  card       = "nvidia.com/gpu"
  card_label = "nvidia.com/gpu.present"
  card_taint = "nvidia.com/gpu"

  # The resource that is a part of the card's memory, the variable that holds how much there is of it, and the namespaces of
  # the driver and its own tools.
  card_memory            = "viktorbarzin.me/gpumem"
  card_memory_total      = "gpumem_total_mib"
  card_driver_namespaces = ["nvidia"]
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
  let "reference" { text = "{address}" }
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

# Where the memory of the card is counted at all: how much there is of it, and who keeps some.
gather "card_memory_counted" {
  label = "the card's memory is counted here"
  from {
    select "block" {
      type   = "variable"
      labels = [param.card_memory_total]
    }
  }
  from {
    select "row" { of = "card_memory" }
  }
}

# Every container that is on a graphics card now, and the card memory it keeps for itself. What is parked needs none.
gather "card_memory" {
  label = "card memory is kept here"
  select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet"] }
  let "resource" { text = param.card_memory }
  unless {
    path   = "spec.replicas"
    equals = 0
  }
  each "container" { path = "spec.template.spec.containers" }
  let "kept" { path = "container.resources.limits[\"{resource}\"]" }
  where {
    path    = "kept"
    present = true
  }
}

# The policies that strip limits.
gather "stripping" {
  label = "the policy strips limits here"
  select "row" { of = "kubernetes.admission_policies" }
  where {
    path   = "named"
    one_of = param.stripping_policies
  }
}
