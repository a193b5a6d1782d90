summary    = "pod runs on a graphics card without saying how much of its memory it takes"
convention = "C45"
severity   = "error"
facts      = "repo"

select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet"] }

let "card" { text = param.card }

let "resource" { text = param.card_memory }

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

unless {
  path   = "spec.replicas"
  equals = 0
}

unless {
  text   = "{namespace}"
  one_of = param.card_driver_namespaces
}

each "container" { path = "spec.template.spec.containers" }

where {
  path     = "container.resources.limits[\"{card}\"]"
  at_least = 1
  as       = "number"
}

# Where nobody counts the card's memory, there is nothing to claim.
where {
  exists { in = "card_memory_counted" }
}

require "missing" {
  path    = "container.resources.limits[\"{resource}\"]"
  present = true

  fix {
    safety = "display"
    title  = "claim `{resource}`"
    set    = { "container.resources.limits[\"{resource}\"]" = "…" }
  }
}

case "missing" {
  message = "the container takes `{card}` without `{resource}`: the scheduler packs the card as if it took no memory"
  help    = "add `\"{resource}\" = \"…\"` to `limits`, in MiB, or park the workload with `replicas = 0`"
}
