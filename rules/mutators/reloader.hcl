# What Reloader writes into workloads.

mutator "reloader-stamp" {
  summary = "Reloader stamps the pod template with what it was reloaded for"
  marker  = "RELOADER_LIFECYCLE_V1"

  paths = {
    kubernetes_deployment      = "spec[0].template[0].metadata[0].annotations[\"reloader.stakater.com/last-reloaded-from\"]"
    kubernetes_deployment_v1   = "spec[0].template[0].metadata[0].annotations[\"reloader.stakater.com/last-reloaded-from\"]"
    kubernetes_stateful_set    = "spec[0].template[0].metadata[0].annotations[\"reloader.stakater.com/last-reloaded-from\"]"
    kubernetes_stateful_set_v1 = "spec[0].template[0].metadata[0].annotations[\"reloader.stakater.com/last-reloaded-from\"]"
    kubernetes_daemonset       = "spec[0].template[0].metadata[0].annotations[\"reloader.stakater.com/last-reloaded-from\"]"
    kubernetes_daemon_set      = "spec[0].template[0].metadata[0].annotations[\"reloader.stakater.com/last-reloaded-from\"]"
    kubernetes_daemon_set_v1   = "spec[0].template[0].metadata[0].annotations[\"reloader.stakater.com/last-reloaded-from\"]"
  }

  condition = {
    annotations = ["*reloader.stakater.com/*"]
    declares    = "spec[0].template[0].metadata[0].annotations"
  }

  signature = {
    action  = "adds"
    matches = "^\\{\"type\":\"(SECRET|CONFIGMAP)\""
  }

  managers = ["manager", "Reloader", "reloader"]
  reverts  = "an apply takes the stamp off and rolls the pods"
}
