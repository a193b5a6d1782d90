summary = "Kubernetes objects, and values of charts, that cannot work as they are written"

applies_when {
  file {
    path     = "**/*.{tf,tf.json,tofu,tofu.json}"
    contains = "\"kubernetes_"
  }
}

applies_when {
  file {
    path     = "**/*.{tf,tf.json,tofu,tofu.json}"
    contains = "\"kubectl_manifest\""
  }
}

applies_when {
  file {
    path     = "**/*.{tf,tf.json,tofu,tofu.json}"
    contains = "\"helm_release\""
  }
}

params {
  # The variables by which apps are told on which port they serve people.
  port_variables = [
    "APP_PORT", "HTTP_PORT", "LISTEN_PORT", "NODE_PORT", "PORT", "SERVER_PORT", "SERVICE_PORT", "WEBUI_PORT", "WEB_PORT",
  ]

  # The typed resources that make an object of the kind in their name.
  types = [
    "kubernetes_cluster_role", "kubernetes_cluster_role_binding", "kubernetes_cluster_role_binding_v1",
    "kubernetes_cluster_role_v1", "kubernetes_config_map", "kubernetes_config_map_v1", "kubernetes_cron_job",
    "kubernetes_cron_job_v1", "kubernetes_daemon_set", "kubernetes_daemon_set_v1", "kubernetes_daemonset",
    "kubernetes_deployment", "kubernetes_deployment_v1", "kubernetes_horizontal_pod_autoscaler",
    "kubernetes_horizontal_pod_autoscaler_v1", "kubernetes_horizontal_pod_autoscaler_v2", "kubernetes_ingress",
    "kubernetes_ingress_class", "kubernetes_ingress_class_v1", "kubernetes_ingress_v1", "kubernetes_job",
    "kubernetes_job_v1", "kubernetes_limit_range", "kubernetes_limit_range_v1", "kubernetes_namespace",
    "kubernetes_namespace_v1", "kubernetes_network_policy", "kubernetes_network_policy_v1",
    "kubernetes_persistent_volume", "kubernetes_persistent_volume_claim", "kubernetes_persistent_volume_claim_v1",
    "kubernetes_persistent_volume_v1", "kubernetes_pod", "kubernetes_pod_disruption_budget",
    "kubernetes_pod_disruption_budget_v1", "kubernetes_pod_v1", "kubernetes_priority_class",
    "kubernetes_priority_class_v1", "kubernetes_resource_quota", "kubernetes_resource_quota_v1", "kubernetes_role",
    "kubernetes_role_binding", "kubernetes_role_binding_v1", "kubernetes_role_v1", "kubernetes_secret",
    "kubernetes_secret_v1", "kubernetes_service", "kubernetes_service_account", "kubernetes_service_account_v1",
    "kubernetes_service_v1", "kubernetes_stateful_set", "kubernetes_stateful_set_v1", "kubernetes_storage_class",
    "kubernetes_storage_class_v1",
  ]

  # The kinds of manifests, in their words.
  kinds = {
    Namespace               = "namespace"
    Deployment              = "deployment"
    StatefulSet             = "stateful_set"
    DaemonSet               = "daemon_set"
    CronJob                 = "cron_job"
    Job                     = "job"
    Pod                     = "pod"
    Service                 = "service"
    ConfigMap               = "config_map"
    Secret                  = "secret"
    PersistentVolumeClaim   = "persistent_volume_claim"
    PersistentVolume        = "persistent_volume"
    Ingress                 = "ingress"
    IngressClass            = "ingress_class"
    ServiceAccount          = "service_account"
    ClusterRole             = "cluster_role"
    ClusterRoleBinding      = "cluster_role_binding"
    Role                    = "role"
    RoleBinding             = "role_binding"
    StorageClass            = "storage_class"
    NetworkPolicy           = "network_policy"
    HorizontalPodAutoscaler = "horizontal_pod_autoscaler"
    PodDisruptionBudget     = "pod_disruption_budget"
    PriorityClass           = "priority_class"
    LimitRange              = "limit_range"
    ResourceQuota           = "resource_quota"
  }

  # The API versions of these kinds, and of no others.
  own_groups = ["v1", "apps/*", "autoscaling/*", "batch/*", "policy/*", "*.k8s.io/*"]
}

# The clusters that stacks speak to, where they say so.
gather "clusters" {
  label = "the cluster is named here"
  select "block" { type = "provider" }
  let "provider" { text = "{name}" }
  where {
    text   = "{provider}"
    one_of = ["kubectl", "kubernetes"]
  }
  where {
    path    = "alias"
    present = false
  }
  let "by" { text = "{stack}" }
  let "cluster" { path = ["config_context", "host"] }
}

# The modules that are called, by the last name of their directory, and in which cluster.
gather "calls" {
  label = "the module is called here"
  select "module" { source = ["**", "*"] }
  let "by" { text = "{stack}" }
  let "directory" {
    path    = "source"
    capture = "(?<value>[^/]+)/*$"
  }
  let "cluster" {
    in      = "clusters"
    match   = { by = "{by}" }
    column  = "cluster"
    default = "the only one"
  }
}

# Every object with a name of its own.
gather "named" {
  label = "the other one is declared here"
  from {
    select "resource" { types = param.types }
    let "type" { text = "{kind}" }
    let "what" {
      path    = "type"
      capture = "^kubernetes_(?<value>.*?)(?:_v[0-9])?$"
    }
    let "group" { text = "" }
    let "said" { path = "metadata.namespace" }
    let "namespace" {
      path    = "said"
      default = "default"
    }
    each "named" { path = "metadata.name" }
  }
  from {
    select "resource" { types = ["kubernetes_manifest", "kubectl_manifest"] }
    each "carrier" { texts = ["manifest", "yaml_body"] }
    where {
      path = "{carrier}.apiVersion"
      like = param.own_groups
    }
    let "group" { text = "" }
    each "own" { texts = param.kinds }
    where {
      path   = "{carrier}.kind"
      equals = "{own}"
    }
    let "what" { text = "{own_value}" }
    let "said" { path = "{carrier}.metadata.namespace" }
    let "namespace" {
      path    = "said"
      default = "default"
    }
    each "named" { path = "{carrier}.metadata.name" }
  }
  from {
    select "resource" { types = ["kubernetes_manifest", "kubectl_manifest"] }
    each "carrier" { texts = ["manifest", "yaml_body"] }
    unless {
      path = "{carrier}.apiVersion"
      like = param.own_groups
    }
    let "group" {
      path    = "{carrier}.apiVersion"
      capture = "^(?<value>[^/]+)/"
    }
    let "what" { path = "{carrier}.kind" }
    let "said" { path = "{carrier}.metadata.namespace" }
    let "namespace" {
      path    = "said"
      default = "default"
    }
    each "named" { path = "{carrier}.metadata.name" }
  }
  # One whose name is not known is none that anybody else names.
  where {
    certain {
      path    = "named"
      matches = "."
    }
    certain {
      path    = "namespace"
      matches = "."
    }
  }
  # The cluster, where a module has several.
  let "provider" {
    path    = "provider"
    address = true
    default = "the only one"
  }
  let "by" { text = "{stack}" }
  let "cluster" {
    in      = "clusters"
    match   = { by = "{by}" }
    column  = "cluster"
    default = "the only one"
  }
  # Where every directory with code is a stack, a module is one too: of which cluster, those say that call it.
  let "place" { text = "{module}" }
  let "directory" {
    path    = "place"
    capture = "[^/]+$"
  }
  unless {
    text   = "{module}"
    equals = "{stack}"
    exists {
      in      = "calls"
      match   = { directory = "{directory}" }
      differs = { cluster = "{cluster}" }
    }
  }
}
