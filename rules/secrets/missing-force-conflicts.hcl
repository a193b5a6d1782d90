summary    = "external secret does not take its fields back from other field managers"
convention = "C51"
severity   = "warning"

select "resource" {
  types = ["kubernetes_manifest"]
}

where {
  path   = "manifest.kind"
  equals = "ExternalSecret"
}

require "missing" {
  path   = "field_manager.force_conflicts"
  equals = true
}

case "missing" {
  message = "`{name}` does not force field conflicts: the operator writes defaults into it, and the next apply that touches one stops at the conflict"
  help    = "write `field_manager {{ force_conflicts = true }}` in the resource"
}
