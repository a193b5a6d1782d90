summary    = "ignored annotation of MetalLB does not carry the marker that makes it findable"
convention = "C16"
severity   = "warning"

select "resource" {
  types = ["kubernetes_service", "kubernetes_service_v1"]
}

where {
  path   = "spec.type"
  equals = "LoadBalancer"
}

each "field" { mutator = "metallb-pool" }

require "missing" {
  when {
    ignored { field = "{field}" }
  }
  marker {
    word   = "{field_marker}"
    field  = "{field}"
    others = param.lifecycle.markers
  }
}

case "missing" {
  message = "this entry covers what MetalLB writes into service `{name}`, and its `lifecycle` block has no `# {field_marker}` comment"
  help    = "write `# {field_marker}` behind the entry"
}
