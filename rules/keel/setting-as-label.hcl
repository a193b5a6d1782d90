summary    = "Keel setting stands in a label, where Keel does not look"
convention = "C13"
severity   = "warning"

select "resource" {
  types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"]
}

each "label" { path = "metadata.labels[*]" }

where {
  path    = "label_key"
  matches = "^keel\\.sh/"
}

forbid "label" {
  path      = "label"
  present   = true
  underline = "key"
}

case "label" {
  message = "`{label_key}` is a label of `{name}`, where nobody reads it: Keel and the policy look at its annotations"
  help    = "move it to `annotations`; what enrols goes into the labels of the namespace"
}
