summary = "Kubernetes objects that cannot work as they are written"

applies_when {
  file {
    path     = "**/*.tf"
    contains = "KYVERNO_LIFECYCLE_V1"
  }
}

params {
  # The kind that each typed resource makes.
  kinds = {
    kubernetes_namespace                    = "Namespace"
    kubernetes_namespace_v1                 = "Namespace"
    kubernetes_deployment                   = "Deployment"
    kubernetes_deployment_v1                = "Deployment"
    kubernetes_stateful_set                 = "StatefulSet"
    kubernetes_stateful_set_v1              = "StatefulSet"
    kubernetes_daemon_set                   = "DaemonSet"
    kubernetes_daemon_set_v1                = "DaemonSet"
    kubernetes_daemonset                    = "DaemonSet"
    kubernetes_cron_job                     = "CronJob"
    kubernetes_cron_job_v1                  = "CronJob"
    kubernetes_job                          = "Job"
    kubernetes_job_v1                       = "Job"
    kubernetes_pod                          = "Pod"
    kubernetes_pod_v1                       = "Pod"
    kubernetes_service                      = "Service"
    kubernetes_service_v1                   = "Service"
    kubernetes_config_map                   = "ConfigMap"
    kubernetes_config_map_v1                = "ConfigMap"
    kubernetes_secret                       = "Secret"
    kubernetes_secret_v1                    = "Secret"
    kubernetes_persistent_volume_claim      = "PersistentVolumeClaim"
    kubernetes_persistent_volume_claim_v1   = "PersistentVolumeClaim"
    kubernetes_persistent_volume            = "PersistentVolume"
    kubernetes_persistent_volume_v1         = "PersistentVolume"
    kubernetes_ingress                      = "Ingress"
    kubernetes_ingress_v1                   = "Ingress"
    kubernetes_ingress_class                = "IngressClass"
    kubernetes_ingress_class_v1             = "IngressClass"
    kubernetes_service_account              = "ServiceAccount"
    kubernetes_service_account_v1           = "ServiceAccount"
    kubernetes_cluster_role                 = "ClusterRole"
    kubernetes_cluster_role_v1              = "ClusterRole"
    kubernetes_cluster_role_binding         = "ClusterRoleBinding"
    kubernetes_cluster_role_binding_v1      = "ClusterRoleBinding"
    kubernetes_role                         = "Role"
    kubernetes_role_v1                      = "Role"
    kubernetes_role_binding                 = "RoleBinding"
    kubernetes_role_binding_v1              = "RoleBinding"
    kubernetes_storage_class                = "StorageClass"
    kubernetes_storage_class_v1             = "StorageClass"
    kubernetes_network_policy               = "NetworkPolicy"
    kubernetes_network_policy_v1            = "NetworkPolicy"
    kubernetes_horizontal_pod_autoscaler    = "HorizontalPodAutoscaler"
    kubernetes_horizontal_pod_autoscaler_v1 = "HorizontalPodAutoscaler"
    kubernetes_horizontal_pod_autoscaler_v2 = "HorizontalPodAutoscaler"
    kubernetes_pod_disruption_budget        = "PodDisruptionBudget"
    kubernetes_pod_disruption_budget_v1     = "PodDisruptionBudget"
    kubernetes_priority_class               = "PriorityClass"
    kubernetes_priority_class_v1            = "PriorityClass"
    kubernetes_limit_range                  = "LimitRange"
    kubernetes_limit_range_v1               = "LimitRange"
    kubernetes_resource_quota               = "ResourceQuota"
    kubernetes_resource_quota_v1            = "ResourceQuota"
  }

  # The API groups of these kinds.
  own_groups = ["v1", "apps/*", "batch/*", "networking.k8s.io/*", "rbac.authorization.k8s.io/*", "storage.k8s.io/*", "policy/*", "autoscaling/*", "scheduling.k8s.io/*"]
}

# Every object with a name of its own. Where a `count` decides whether there is one, there may be none; and
# those that are made for each element of something mostly get their names when they are made.
gather "named" {
  label = "the other one is declared here"
  from {
    select "resource" { types = ["kubernetes_*"] }
    each "type" { texts = param.kinds }
    where {
      path   = "type"
      equals = "{kind}"
    }
    unless {
      path    = "count"
      present = true
    }
    unless {
      path    = "for_each"
      present = true
    }
    let "what" { text = "{type_value}" }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
    each "named" { path = "metadata.name" }
  }
  from {
    select "resource" { types = ["kubernetes_manifest", "kubectl_manifest"] }
    unless {
      path    = "count"
      present = true
    }
    unless {
      path    = "for_each"
      present = true
    }
    each "carrier" { texts = ["manifest", "yaml_body"] }
    let "group" {
      path    = "{carrier}.apiVersion"
      capture = "^(?<value>[^/]+)/"
    }
    let "own_kind" { path = "{carrier}.kind" }
    let "what" { text = "{own_kind}" }
    let "namespace" {
      path    = "{carrier}.metadata.namespace"
      default = "default"
    }
    each "named" { path = "{carrier}.metadata.name" }
  }
}
