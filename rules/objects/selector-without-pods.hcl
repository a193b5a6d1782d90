summary    = "workload does not select its own pods"
convention = "D16"
severity   = "error"

select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"] }

where {
  path    = "spec.selector.matchLabels"
  present = true
}

require "unselected" {
  path      = "spec.selector.matchLabels"
  subset_of = "spec.template.metadata.labels"
  related   = { "spec.template.metadata.labels" = "the pods have these" }
}

case "unselected" {
  message = "`{name}` selects labels that its own pods do not have: the API refuses it"
  help    = "use the same labels in `selector` and in the template's metadata"
}
