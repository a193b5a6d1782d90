# What MetalLB writes into services.

mutator "metallb-pool" {
  summary = "MetalLB's controller notes on a service from which pool its address is"
  marker  = "METALLB_LIFECYCLE_V1"

  paths = {
    kubernetes_service    = "metadata[0].annotations[\"metallb.io/ip-allocated-from-pool\"]"
    kubernetes_service_v1 = "metadata[0].annotations[\"metallb.io/ip-allocated-from-pool\"]"
  }

  condition = {
    attributes = ["spec[0].type=LoadBalancer"]
  }

  signature = {
    action  = "adds"
    matches = "^[a-z0-9.-]+$"
  }

  managers = ["controller"]
}
