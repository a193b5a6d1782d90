summary    = "x"
convention = "C16"
severity   = "error"
select "object" {
  kinds = ["Service"]
  carriers = ["resource"]
}
where {
  path   = "spec.type"
  equals = "LoadBalancer"
}
require "missing" {
  ignored { field = "metadata[0].annotations[\"metallb.io/ip-allocated-from-pool\"]" }
}
require "marker" {
  when {
    ignored { field = "metadata[0].annotations[\"metallb.io/ip-allocated-from-pool\"]" }
  }
  marker { word = "METALLB_LIFECYCLE_V1" }
}
case "missing" {
  message = "not ignored"
}
case "marker" {
  message = "no marker"
}
