# What Keel writes into the workloads that it updates, and what else moves with a roll.

mutator "keel-image" {
  summary = "Keel raises the tag of each container that it polls"
  marker  = "KEEL_IGNORE_IMAGE"

  paths = {
    kubernetes_deployment = [
      "spec[0].template[0].spec[0].container[*].image",
      "spec[0].template[0].spec[0].init_container[*].image",
    ]
    kubernetes_deployment_v1 = [
      "spec[0].template[0].spec[0].container[*].image",
      "spec[0].template[0].spec[0].init_container[*].image",
    ]
    kubernetes_stateful_set = [
      "spec[0].template[0].spec[0].container[*].image",
      "spec[0].template[0].spec[0].init_container[*].image",
    ]
    kubernetes_stateful_set_v1 = [
      "spec[0].template[0].spec[0].container[*].image",
      "spec[0].template[0].spec[0].init_container[*].image",
    ]
    kubernetes_daemonset = [
      "spec[0].template[0].spec[0].container[*].image",
      "spec[0].template[0].spec[0].init_container[*].image",
    ]
    kubernetes_daemon_set = [
      "spec[0].template[0].spec[0].container[*].image",
      "spec[0].template[0].spec[0].init_container[*].image",
    ]
    kubernetes_daemon_set_v1 = [
      "spec[0].template[0].spec[0].container[*].image",
      "spec[0].template[0].spec[0].init_container[*].image",
    ]
  }

  condition = {
    namespace_policy   = "inject-keel-annotations"
    namespace_labels   = ["keel.sh/enrolled=true"]
    unless_annotations = ["keel.sh/policy=never"]
    unless_matches     = "@sha256:|:v?\\d+\\.\\d+\\.\\d+\\.\\d+$"
    unless_labels      = ["app.kubernetes.io/managed-by=Helm", "app.kubernetes.io/managed-by=terraform", "app.kubernetes.io/managed-by=goauthentik.io"]
  }

  signature = {
    action  = "changes"
    same    = "repository"
    rises   = true
    matches = ":v?\\d+(\\.\\d+){0,2}([-+.].*)?$"
  }

  managers = ["keel"]

  reverts = "an apply puts the older image back"
}

mutator "keel-update-time" {
  summary = "Keel stamps the pod template with the time of its last roll"
  marker  = "KEEL_LIFECYCLE_V1"

  paths = {
    kubernetes_deployment      = "spec[0].template[0].metadata[0].annotations[\"keel.sh/update-time\"]"
    kubernetes_deployment_v1   = "spec[0].template[0].metadata[0].annotations[\"keel.sh/update-time\"]"
    kubernetes_stateful_set    = "spec[0].template[0].metadata[0].annotations[\"keel.sh/update-time\"]"
    kubernetes_stateful_set_v1 = "spec[0].template[0].metadata[0].annotations[\"keel.sh/update-time\"]"
    kubernetes_daemonset       = "spec[0].template[0].metadata[0].annotations[\"keel.sh/update-time\"]"
    kubernetes_daemon_set      = "spec[0].template[0].metadata[0].annotations[\"keel.sh/update-time\"]"
    kubernetes_daemon_set_v1   = "spec[0].template[0].metadata[0].annotations[\"keel.sh/update-time\"]"
  }

  condition = {
    after = "keel-image"
  }

  signature = {
    action  = "adds"
    matches = "^\\d{4}-\\d{2}-\\d{2}"
  }

  managers = ["keel"]

  reverts = "an apply takes the stamp off, which rolls the pods, and Keel stamps them again"
}

mutator "keel-change-cause" {
  summary = "Keel says why it rolled, where `kubectl rollout history` shows it"
  marker  = "KEEL_LIFECYCLE_V1"

  paths = {
    kubernetes_deployment    = "metadata[0].annotations[\"kubernetes.io/change-cause\"]"
    kubernetes_deployment_v1 = "metadata[0].annotations[\"kubernetes.io/change-cause\"]"
  }

  condition = {
    after = "keel-image"
  }

  signature = {
    action  = "adds"
    matches = "^keel automated update"
  }

  managers = ["keel"]

  dropped_by_provider = true
}
