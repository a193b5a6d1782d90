summary    = "annotation that MetalLB writes into a service is not ignored"
convention = "C16"
severity   = "error"

select "resource" {
  types = ["kubernetes_service", "kubernetes_service_v1"]
}

where {
  path   = "spec.type"
  equals = "LoadBalancer"
}

each "field" { mutator = "metallb-pool" }

require "missing" {
  ignored { field = "{field}" }
}

case "missing" {
  message = "MetalLB notes the pool of its address on service `{name}`, and `ignore_changes` does not cover it: each apply takes it off"
  help    = "add `lifecycle {{ ignore_changes = [{field}] }} # {field_marker}`"
}
