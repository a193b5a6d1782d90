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

  managers = ["kube-controller-manager"]

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

  advice = "the claims keep what they were made with: write the live template in the code, or make the set anew with its pods left running"
}

mutator "parked-by-hand" {
  summary = "somebody parks a workload by hand"

  paths = {
    kubernetes_deployment      = "spec[0].replicas"
    kubernetes_deployment_v1   = "spec[0].replicas"
    kubernetes_stateful_set    = "spec[0].replicas"
    kubernetes_stateful_set_v1 = "spec[0].replicas"
  }

  condition = {
    after         = "somebody runs `kubectl scale`"
    unless_labels = ["sablier.enable=true"]
  }

  signature = {
    action  = "changes"
    matches = "^0$"
  }

  managers = ["kubectl-scale", "kubectl-edit", "kubectl-patch"]
  reverts  = "an apply starts the workload again"

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

  condition = {
    after = "a pipeline deploys a commit"
  }

  signature = {
    action  = "changes"
    same    = "repository"
    matches = "^(ghcr\\.io/viktorbarzin|forgejo\\.viktorbarzin\\.me/viktor|viktorbarzin)/[^:]+:([0-9a-f]{8}|v\\d+\\.\\d+\\.\\d+)$"
  }

  managers = ["kubectl-set"]

  reverts = "an apply puts the older image back"
}

mutator "deploy-pipeline-cause" {
  summary = "`kubectl set image` says why it rolled, where `kubectl rollout history` shows it"
  marker  = "KEEL_LIFECYCLE_V1"

  paths = {
    kubernetes_deployment    = "metadata[0].annotations[\"kubernetes.io/change-cause\"]"
    kubernetes_deployment_v1 = "metadata[0].annotations[\"kubernetes.io/change-cause\"]"
  }

  condition = {
    after = "a pipeline deploys a commit"
  }

  signature = {
    action  = "adds"
    matches = "^kubectl set image"
  }

  managers = ["kubectl-set", "kubectl-annotate"]

  dropped_by_provider = true
}

mutator "kubectl-restart" {
  summary = "somebody restarts a workload with `kubectl rollout restart`"

  paths = {
    kubernetes_deployment      = "spec[0].template[0].metadata[0].annotations[\"kubectl.kubernetes.io/restartedAt\"]"
    kubernetes_deployment_v1   = "spec[0].template[0].metadata[0].annotations[\"kubectl.kubernetes.io/restartedAt\"]"
    kubernetes_stateful_set    = "spec[0].template[0].metadata[0].annotations[\"kubectl.kubernetes.io/restartedAt\"]"
    kubernetes_stateful_set_v1 = "spec[0].template[0].metadata[0].annotations[\"kubectl.kubernetes.io/restartedAt\"]"
    kubernetes_daemonset       = "spec[0].template[0].metadata[0].annotations[\"kubectl.kubernetes.io/restartedAt\"]"
    kubernetes_daemon_set      = "spec[0].template[0].metadata[0].annotations[\"kubectl.kubernetes.io/restartedAt\"]"
    kubernetes_daemon_set_v1   = "spec[0].template[0].metadata[0].annotations[\"kubectl.kubernetes.io/restartedAt\"]"
  }

  condition = {
    after = "somebody runs `kubectl rollout restart`"
  }

  signature = {
    action  = "adds"
    matches = "^\\d{4}-\\d{2}-\\d{2}T"
  }

  managers = ["kubectl-rollout"]
  reverts  = "an apply takes the stamp off, which restarts the pods once more"
  advice   = "apply when a restart does no harm: the stamp goes, and the pods are replaced"
}

# The names under which the API server records who wrote a field. A mutating webhook has none of its own: what it
# writes is recorded under whoever sent the request.

manager "HashiCorp" { summary = "Terraform's typed Kubernetes resources" }

manager "Terraform" { summary = "Terraform's `kubernetes_manifest`, `kubernetes_labels` and the like" }

manager "kubectl-edit" { summary = "somebody with `kubectl edit`" }

manager "kubectl-patch" { summary = "somebody, or a script, with `kubectl patch`" }

manager "kubectl-set" { summary = "a pipeline, or somebody, with `kubectl set`" }

manager "kubectl-scale" { summary = "somebody with `kubectl scale`" }

manager "kubectl-rollout" { summary = "somebody with `kubectl rollout`" }

manager "kubectl-client-side-apply" { summary = "somebody, or a pipeline, with `kubectl apply`" }

manager "kubectl" { summary = "somebody with `kubectl apply --server-side`" }

manager "kubectl-*" { summary = "somebody with `kubectl`" }

manager "kube-controller-manager" { summary = "a controller of Kubernetes itself" }

manager "helm" { summary = "Helm" }

manager "keel" { summary = "Keel" }

manager "kyverno*" { summary = "a controller of Kyverno" }

manager "pvc-autoresizer" { summary = "the volume autoresizer" }
