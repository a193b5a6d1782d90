summary    = "container in a guaranteed tier may use more memory than it requests"
convention = "B41"
severity   = "info"
facts      = "stack"

select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod"] }

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

let "tier" {
  in     = "namespaces"
  match  = { named = "{namespace}" }
  column = "tier"
}

where {
  text   = "{tier}"
  one_of = param.guaranteed_tiers
}

each "pod" { path = ["spec", "spec.template.spec", "spec.jobTemplate.spec.template.spec"] }

each "container" { path = ["pod.containers", "pod.initContainers"] }

let "limit" { path = "container.resources.limits.memory" }

forbid "unequal" {
  path  = "container.resources.requests.memory"
  below = { path = "container.resources.limits.memory" }
  as    = "quantity"
}

case "unequal" {
  message = "`{value}` is requested and `{limit}` allowed in tier `{tier}`: the difference is promised to somebody else, too"
  help    = "request what the limit is, or lower the limit"
}
