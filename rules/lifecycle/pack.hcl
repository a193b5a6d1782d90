summary = "what `ignore_changes` tells Terraform to overlook, for Reloader and others, and whether it still should"

applies_when {
  file {
    path     = "**/*.tf"
    contains = "# KYVERNO_LIFECYCLE_V1"
  }
}

applies_when {
  file {
    path     = "**/*.tf"
    contains = "# KEEL_LIFECYCLE_V1"
  }
}

params {
  # Images that must float: their publisher keeps no other tag.
  floating_images = ["bitnami/kubectl:latest", "docker.io/bitnami/kubectl:latest"]

  # Functions that say something else each time.
  moving = ["timestamp", "plantimestamp", "uuid"]

  # The markers of mutators, as comments carry them: none is a misspelling of another. Other packs read this list too.
  markers = [
    "KYVERNO_LIFECYCLE_V1",
    "KYVERNO_LIFECYCLE_V2",
    "KEEL_LIFECYCLE_V1",
    "KEEL_IGNORE_IMAGE",
    "METALLB_LIFECYCLE_V1",
    "RELOADER_LIFECYCLE_V1",
    "SABLIER_MANAGED_REPLICAS",
  ]

  # The resources that say all labels and annotations of an object, and its kind.
  typed_kinds = {
    "kubernetes_deployment"                 = "Deployment"
    "kubernetes_deployment_v1"              = "Deployment"
    "kubernetes_stateful_set"               = "StatefulSet"
    "kubernetes_stateful_set_v1"            = "StatefulSet"
    "kubernetes_daemonset"                  = "DaemonSet"
    "kubernetes_daemon_set_v1"              = "DaemonSet"
    "kubernetes_cron_job_v1"                = "CronJob"
    "kubernetes_namespace"                  = "Namespace"
    "kubernetes_namespace_v1"               = "Namespace"
    "kubernetes_service"                    = "Service"
    "kubernetes_service_v1"                 = "Service"
    "kubernetes_service_account"            = "ServiceAccount"
    "kubernetes_service_account_v1"         = "ServiceAccount"
    "kubernetes_persistent_volume_claim"    = "PersistentVolumeClaim"
    "kubernetes_persistent_volume_claim_v1" = "PersistentVolumeClaim"
    "kubernetes_config_map"                 = "ConfigMap"
    "kubernetes_config_map_v1"              = "ConfigMap"
    "kubernetes_secret"                     = "Secret"
    "kubernetes_secret_v1"                  = "Secret"
    "kubernetes_ingress_v1"                 = "Ingress"
  }

  # The provider looks away from keys of Kubernetes itself, but for two of them.
  unseen_keys = "^(?:[^/]*\\.)?kubernetes\\.io/"
  seen_keys   = "^(?:app|service\\.beta)\\.kubernetes\\.io/"

  # Labels and annotations that something in the cluster writes by itself, and what.
  owned_keys = {
    "deployment.kubernetes.io/revision"        = "the controller of deployments"
    "keel.sh/update-time"                      = "Keel"
    "kubernetes.io/change-cause"               = "Keel"
    "metallb.io/ip-allocated-from-pool"        = "MetalLB"
    "reloader.stakater.com/last-reloaded-from" = "Reloader"
    "reconcile.external-secrets.io/data-hash"  = "External Secrets"
    "pv.kubernetes.io/bind-completed"          = "the controller of volumes"
    "pv.kubernetes.io/bound-by-controller"     = "the controller of volumes"
    "volume.kubernetes.io/selected-node"       = "the scheduler"
    "volume.kubernetes.io/storage-provisioner" = "the controller of volumes"
    "generate.kyverno.io/policy-name"          = "Kyverno"
    "pod-template-hash"                        = "the controller of deployments"
    "controller-uid"                           = "the controller of jobs"
  }

  # The marker of what is ignored by hand, and the days of which a look is too long ago.
  workaround = "DRIFT_WORKAROUND"
  long_ago   = "^(?:20[01]\\d|202[0-5])-"
}

# What is made anew with each plan.
gather "restless" {
  label = "this is made anew with each plan"
  select "resource" { types = ["random_*", "null_resource", "terraform_data", "time_static"] }
  where {
    path    = ["keepers", "triggers", "triggers_replace"]
    calls   = param.moving
    through = true
  }
  let "made" { text = "{module} {address}" }
}

# Entries of `ignore_changes` that make room for a mutator, by the marker that such an entry carries.
gather "entries" {
  label = "this entry makes room for the mutator"
  from {
    select "resource" { types = ["kubernetes_*"] }
    where { path = "lifecycle.ignore_changes" }
    each "field" {
      mutator = [
        "inject-ndots",
        "inject-keel-annotations",
        "strip-match-tag",
        "keel-never-when-another-owner",
        "clone-secret",
        "keel-update-time",
        "keel-change-cause",
        "deployment-controller",
        "metallb-pool",
        "reloader-stamp",
        "sablier",
        "tigera-operator",
        "goldilocks",
      ]
    }
    where {
      ignored { field = "{field}" }
    }
  }
  from {
    select "selector" { of = "keel.images" }
    where {
      ignored { field = "{list}[{container_index}].image" }
    }
  }
}

# What patches put on objects.
gather "patches" {
  label = "it is put on here"
  select "resource" { types = ["kubernetes_labels", "kubernetes_annotations"] }
  let "kind_of" { path = "kind" }
  let "named" { path = "metadata.name" }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  each "list" { texts = ["labels", "annotations"] }
  each "entry" { path = "{list}[*]" }
  let "key" { text = "{entry_key}" }
  unless {
    all {
      text    = "{entry_key}"
      matches = param.unseen_keys
    }
    not {
      text    = "{entry_key}"
      matches = param.seen_keys
    }
  }
}

# Stacks whose provider is told to look away from labels or annotations.
gather "overlooking" {
  label = "the provider looks away here"
  select "block" {
    type   = "provider"
    labels = ["kubernetes"]
  }
  where {
    path    = ["ignore_labels", "ignore_annotations"]
    present = true
  }
  let "at_stack" { text = "{stack}" }
}
