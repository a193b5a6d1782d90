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
  # Where it says in which namespace the steps of pipelines run.
  step_namespace_files = ["**/*woodpecker*/**/*.{yaml,yml,tf,tpl,tftpl}"]

  # The label of a namespace that names its tier.
  tier_label = "tier"

  # The policy that gives each tier its limits, and the label of a namespace that has limits of its own.
  limit_policies = ["generate-limitrange-by-tier"]
  own_limits     = "resource-governance/custom-limitrange"

  # The policy that gives each tier its quota, the label of a namespace that has a quota of its own, and how many pods of one workload
  # are counted.
  quota_policies = ["generate-resourcequota-by-tier"]
  own_quota      = "resource-governance/custom-quota"
  counted_pods = [
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20",
    "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32",
  ]

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
  let "quota_label" { text = param.own_quota }
  let "named" { path = "metadata.name" }
  # One whose name is not known is none that anybody names.
  where {
    certain {
      path    = "named"
      matches = "."
    }
  }
  let "tier" { path = "metadata.labels[\"{tier_label}\"]" }
  let "own_limits" { path = "metadata.labels[\"{own_label}\"]" }
  let "own_quota" {
    path    = "metadata.labels[\"{quota_label}\"]"
    default = "false"
  }
  let "reference" { text = "{address}" }
}

# Those of them that others can name without more: one object, which waits for nothing that could wait for it.
gather "single_namespaces" {
  label = "the namespace is declared here"
  select "resource" { types = ["kubernetes_namespace", "kubernetes_namespace_v1"] }
  where {
    path    = ["count", "for_each", "depends_on"]
    present = false
  }
  unless {
    path      = "metadata"
    refers_to = ["*_*.*", "data.*", "module.*"]
    through   = true
  }
  let "reference" { text = "{address}" }
  let "declared_in" { text = "{module}" }
}

# The tiers that something else than the namespace's own block gives it.
gather "labelled_tiers" {
  label = "the tier is given here"
  select "resource" { types = ["kubernetes_labels"] }
  where {
    path   = "kind"
    equals = "Namespace"
  }
  let "tier_label" { text = param.tier_label }
  let "named" { path = "metadata.name" }
  let "tier" { path = "labels[\"{tier_label}\"]" }
  where {
    path    = "tier"
    present = true
  }
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
  # As documents call it: what is left over, too.
  let "called" {
    path    = "tier"
    default = "No tier"
  }
  let "usual" { path = "rule.generate.data.spec.limits[*].default.memory" }
  let "most" { path = "rule.generate.data.spec.limits[*].max.memory" }
  let "usual_cpu" {
    path    = "rule.generate.data.spec.limits[*].default.cpu"
    default = "none"
  }
  let "most_cpu" {
    path    = "rule.generate.data.spec.limits[*].max.cpu"
    default = "none"
  }
}

# The namespaces that are bounded by their tier, with the most that a container there may ask for.
gather "bounded_namespaces" {
  label = "the namespace gets its tier here"
  select "row" { of = "namespaces" }
  let "named" { path = "named" }
  unless {
    path   = "own_limits"
    equals = true
  }
  let "tier" { path = "tier" }
  let "most" {
    in     = "tier_limits"
    match  = { tier = "{tier}" }
    column = "most"
  }
  where {
    text    = "{tier}"
    matches = "."
  }
  where {
    text    = "{most}"
    matches = "."
  }
}

# The namespace in which the steps of pipelines run.
gather "step_namespaces" {
  label = "steps run there"
  select "text" {
    files   = param.step_namespace_files
    words   = ["WOODPECKER_BACKEND_K8S_NAMESPACE"]
    matches = "\\bWOODPECKER_BACKEND_K8S_NAMESPACE\\b[\"']?\\s*[:=]\\s*[\"']?(?P<at>(?P<found>[a-z0-9-]+))"
  }
  let "named" { text = "{found}" }
}

# The namespaces that get no limits at all.
gather "ungoverned_namespaces" {
  label = "the namespace is left out here"
  select "object" { kinds = ["ClusterPolicy"] }
  where {
    path   = "metadata.name"
    one_of = param.limit_policies
  }
  each "namespace" {
    path = ["spec.rules[*].exclude[*].resources.namespaces[*]", "spec.rules[*].exclude.resources.namespaces[*]"]
  }
}

# The label for nodes with a card that the repo sets itself.
gather "kept_labels" {
  label = "the nodes get this label here"
  select "text" {
    files   = ["**/*.{tf,tf.json,sh,yaml,yml}"]
    words   = ["label node"]
    matches = "\\blabel nodes? [^\\n]*?(?<at>(?<label>[A-Za-z0-9./_-]*gpu[A-Za-z0-9./_-]*)=true)\\b"
    zones   = ["string", "code"]
  }
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
  each "pod" { texts = param.counted_pods }
  where {
    path     = "spec.replicas"
    default  = 1
    at_least = "{pod}"
    as       = "number"
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

# What the pods of each tier may request together.
gather "tier_quotas" {
  label = "the quota of the tier"
  select "object" { kinds = ["ClusterPolicy"] }
  where {
    path   = "metadata.name"
    one_of = param.quota_policies
  }
  let "tier_label" { text = param.tier_label }
  each "rule" { path = "spec.rules[*]" }
  let "tier" { path = "rule.match.any[*].resources.selector.matchLabels[\"{tier_label}\"]" }
  let "most" { path = "rule.generate.data.spec.hard[\"requests.memory\"]" }
  let "memory" {
    path    = "rule.generate.data.spec.hard[\"limits.memory\"]"
    default = "none"
  }
  let "cpu" {
    path    = "rule.generate.data.spec.hard[\"limits.cpu\"]"
    default = "none"
  }
  let "pods" {
    path    = "rule.generate.data.spec.hard.pods"
    default = "none"
  }
}

# And those of each namespace, in a quota of its own or in that of its tier.
gather "quotas" {
  label = "the quota of the namespace"
  from {
    select "object" { kinds = ["ResourceQuota"] }
    let "of" { path = "metadata.namespace" }
    let "most" { path = "spec.hard[\"requests.memory\"]" }
  }
  from {
    select "row" { of = "namespaces" }
    let "of" { path = "named" }
    let "own_tier" {
      path    = "tier"
      default = "none"
    }
    where {
      path   = "own_quota"
      equals = "false"
    }
    let "most" {
      in     = "tier_quotas"
      match  = { tier = "{own_tier}" }
      column = "most"
    }
  }
  where {
    path    = "most"
    present = true
  }
  # Namespaces are made for people, too, under names that cannot be read: those are no others.
  where {
    certain {
      path    = "of"
      matches = "."
    }
  }
}

# The quotas that count limits on cores.
gather "core_quotas" {
  label = "the quota counts them here"
  select "object" { kinds = ["ResourceQuota"] }
  let "of" { path = "metadata.namespace" }
  where {
    certain {
      path    = "of"
      matches = "."
    }
  }
  where {
    path    = "spec.hard[\"limits.cpu\"]"
    present = true
  }
}

# What the pods of each workload request, container by container and pod by pod. Where only a limit is written, it is requested.
gather "requested" {
  label = "it is requested here"
  select "object" { kinds = ["Deployment", "StatefulSet"] }
  let "of" {
    path    = "metadata.namespace"
    default = "default"
  }
  where {
    certain {
      path    = "of"
      matches = "."
    }
  }
  each "pod" { texts = param.counted_pods }
  where {
    path     = "spec.replicas"
    default  = 1
    at_least = "{pod}"
    as       = "number"
  }
  each "container" { path = "spec.template.spec.containers" }
  let "limited" { path = "container.resources.limits.memory" }
  let "amount" {
    path    = "container.resources.requests.memory"
    default = { path = "limited" }
  }
  where {
    path    = "amount"
    present = true
  }
}

# The same while a deployment is rolled over, which takes one pod more.
gather "rolled" {
  label = "it is requested here"
  from {
    select "selector" { of = "rolling" }
    each "amount" {
      in     = "requested"
      match  = { of = "{namespace}" }
      column = "amount"
    }
  }
  from {
    select "selector" { of = "rolling" }
    each "container" { path = "spec.template.spec.containers" }
    let "limited" { path = "container.resources.limits.memory" }
    let "amount" {
      path    = "container.resources.requests.memory"
      default = { path = "limited" }
    }
    where {
      path    = "amount"
      present = true
    }
  }
  let "roller" { text = "{namespace} {named}" }
}

# The deployments whose new pods start before the old ones stop.
selector "rolling" {
  select "object" { kinds = ["Deployment"] }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  let "named" { path = "metadata.name" }
  where {
    path     = "spec.replicas"
    default  = 1
    at_least = 1
    as       = "number"
  }
  unless {
    path   = "spec.strategy.type"
    equals = "Recreate"
  }
  unless {
    path   = "spec.strategy.rollingUpdate.maxSurge"
    one_of = [0, "0", "0%"]
  }
}

# The releases of charts, by their namespace.
gather "releases" {
  label = "a chart runs pods here"
  select "resource" { types = ["helm_release"] }
  let "namespace" {
    path    = "namespace"
    default = "default"
  }
}
