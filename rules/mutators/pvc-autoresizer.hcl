# What the volume autoresizer writes into claims.

mutator "pvc-autoresizer" {
  summary = "the autoresizer raises the requested size of a claim when its volume fills up"

  paths = {
    kubernetes_persistent_volume_claim    = "spec[0].resources[0].requests[\"storage\"]"
    kubernetes_persistent_volume_claim_v1 = "spec[0].resources[0].requests[\"storage\"]"
  }

  condition = {
    annotations = ["resize.topolvm.io/*"]
  }

  signature = {
    action        = "changes"
    matches       = "^\\d+(\\.\\d+)?([KMGTPE]i?)?$"
    at_least_code = true
    at_most       = ["resize.topolvm.io/storage_limit"]
  }

  managers = ["pvc-autoresizer"]

  reverts = "an apply tries to shrink the volume"
}
