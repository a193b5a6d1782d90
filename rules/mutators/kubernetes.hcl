# What Kubernetes itself and people with `kubectl` write.

mutator "deployment-controller" {
  summary = "the deployment controller counts revisions"
  marker  = "KEEL_LIFECYCLE_V1"

  paths = {
    kubernetes_deployment    = "metadata[0].annotations[\"deployment.kubernetes.io/revision\"]"
    kubernetes_deployment_v1 = "metadata[0].annotations[\"deployment.kubernetes.io/revision\"]"
  }

  signature = {
    action  = "adds"
    matches = "^\\d+$"
  }

  dropped_by_provider = true
}

mutator "volume-claim-templates" {
  summary = "the API refuses every change of a stateful set's claim templates"

  paths = {
    kubernetes_stateful_set    = "spec[0].volume_claim_template"
    kubernetes_stateful_set_v1 = "spec[0].volume_claim_template"
  }

  condition = {
    after = "an annotation of the template was edited once the set existed"
  }

  signature = {
    action = "changes"
  }
}

mutator "kubectl-scale" {
  summary = "somebody parks a workload by hand"

  paths = {
    kubernetes_deployment      = "spec[0].replicas"
    kubernetes_deployment_v1   = "spec[0].replicas"
    kubernetes_stateful_set    = "spec[0].replicas"
    kubernetes_stateful_set_v1 = "spec[0].replicas"
  }

  signature = {
    action  = "changes"
    matches = "^0$"
  }

  never_ignore = {
    reason = "a workload that stays parked says `replicas = 0` in the code"
  }
}

mutator "deploy-pipeline" {
  summary = "a pipeline sets the image of an owned workload with `kubectl set image`"
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
  }

  other_markers = ["DRIFT_WORKAROUND"]

  signature = {
    action  = "changes"
    same    = "repository"
    matches = ":([0-9a-f]{8}|v\\d+\\.\\d+\\.\\d+)$"
  }

  reverts = "an apply puts the older image back"
}
