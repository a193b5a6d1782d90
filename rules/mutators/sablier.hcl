# What scales workloads to zero and back.

mutator "sablier" {
  summary = "Sablier parks a workload at 0 replicas and wakes it on a request"
  marker  = "SABLIER_MANAGED_REPLICAS"

  paths = {
    kubernetes_deployment      = "spec[0].replicas"
    kubernetes_deployment_v1   = "spec[0].replicas"
    kubernetes_stateful_set    = "spec[0].replicas"
    kubernetes_stateful_set_v1 = "spec[0].replicas"
  }

  condition = {
    labels = ["sablier.enable=true"]
  }

  signature = {
    action  = "changes"
    matches = "^\\d+$"
    at_most = ["code", "sablier.active.replicas"]
  }

  managers = ["sablier"]

  reverts = "an apply wakes or parks the app"
}

mutator "own-scaler" {
  summary = "a scaler of the stack itself parks the workload and wakes it"

  paths = {
    kubernetes_deployment    = "spec[0].replicas"
    kubernetes_deployment_v1 = "spec[0].replicas"
  }

  condition = {
    stacks        = ["android-emulator", "tts"]
    names         = ["android-emulator", "chatterbox-tts"]
    unless_labels = ["sablier.enable"]
  }

  signature = {
    action  = "changes"
    matches = "^[01]$"
  }

  reverts = "an apply wakes or parks the app"
}
