summary    = "workload that must keep running is enrolled for parking"
convention = "C17"
severity   = "error"

select "resource" {
  types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_labels"]
}

# `kubernetes_labels` has them at its top.
let "enabled" { path = ["metadata.labels[\"sablier.enable\"]", "labels[\"sablier.enable\"]"] }

where {
  path   = "enabled"
  equals = "true"
}

let "own_stack" { text = "{stack}" }

let "group" {
  path    = ["metadata.labels[\"sablier.group\"]", "labels[\"sablier.group\"]"]
  default = ""
}

forbid "listed" {
  at     = "enabled"
  path   = ["group", "metadata.name", "own_stack"]
  one_of = param.never_parked
}

case "listed" {
  message = "`{name}` is on the list of what must not be parked: it works without visitors, or another scaler has it"
  help    = "take the `sablier.*` labels off, and `sablier` out of its ingress"
}
