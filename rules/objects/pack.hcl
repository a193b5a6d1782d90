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
  # What calls services by the names that the cluster resolves, and files in which names and addresses are made up.
  calling_files = ["**/*.{tf,tf.json,tofu,tofu.json,tpl,tftpl,tmpl,yaml,yml,json,toml,conf,py,sh,go}"]
  made_up_files = ["**/*_test.*", "**/test_*", "**/{test,tests,testdata,fixtures}/**"]

  # The kinds whose pods roll over unless they are told otherwise.
  rolling_kinds = "^(?:Deployment$|kubernetes_deployment)"

  # Whether all that runs in the cluster is made here: then what nothing here makes is not there.
  whole_cluster = false

  # The name of a port by which an annotation says what becomes of requests, and no service.
  annotated_port = "use-annotation"

  # Services that every cluster has: `service.namespace`.
  cluster_services = ["kubernetes.default", "kube-dns.kube-system"]

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

# What says that all that runs in the cluster is made here.
gather "whole_clusters" {
  label = "the repo makes the whole cluster"
  from {
    select "repo" {}
    where {
      text   = param.whole_cluster
      equals = true
    }
  }
  from {
    select "row" { of = "networking.whole_clusters" }
  }
}

# The namespaces that the repo makes once: there is no second cluster in which somebody else has one of the name.
gather "single_namespaces" {
  label = "the namespace is declared here"
  select "row" { of = "kubernetes.namespaces" }
  let "namespace" { path = "named" }
  where {
    exists {
      in      = "kubernetes.namespaces"
      match   = { named = "{namespace}" }
      at_most = 1
    }
  }
}

# Every service that a router sends requests to, the port of it by its number or its name, and what is spoken there, if that is said.
gather "backends" {
  label = "requests go there from here"
  from {
    select "row" { of = "ingress.called_backends" }
    let "namespace" { path = "namespace" }
    let "service" { path = "service" }
    let "port" { path = "port" }
  }
  from {
    select "object" { kinds = ["Ingress"] }
    unless {
      text = "{module}"
      like = param.ingress.factory_dirs
    }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
    each "backend" { path = ["spec.rules[*].http.paths[*].backend.service", "spec.defaultBackend.service"] }
    unless {
      path   = "backend.port.name"
      equals = param.annotated_port
    }
    let "service" { path = "backend.name" }
    let "port" { path = ["backend.port.number", "backend.port.name"] }
  }
  # The same in the words that ingresses had before.
  from {
    select "object" { kinds = ["Ingress"] }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
    each "backend" { path = ["spec.rules[*].http.paths[*].backend", "spec.backend"] }
    where {
      path    = "backend.serviceName"
      present = true
    }
    unless {
      path   = "backend.servicePort"
      equals = param.annotated_port
    }
    let "service" { path = "backend.serviceName" }
    let "port" { path = "backend.servicePort" }
  }
  from {
    select "object" { kinds = ["IngressRoute"] }
    let "own" {
      path    = "metadata.namespace"
      default = "default"
    }
    each "backend" { path = "spec.routes[*].services[*]" }
    unless {
      path   = "backend.kind"
      equals = "TraefikService"
    }
    let "namespace" {
      path    = "backend.namespace"
      default = "{own}"
    }
    let "service" { path = "backend.name" }
    let "port" { path = "backend.port" }
    let "scheme" { path = "backend.scheme" }
  }
  from {
    select "object" { kinds = [param.ingress.gateway_routes, "TLSRoute"] }
    let "own" {
      path    = "metadata.namespace"
      default = "default"
    }
    each "backend" { path = "spec.rules[*].backendRefs[*]" }
    unless {
      path    = "backend.kind"
      default = "Service"
      not {
        path    = "backend.kind"
        default = "Service"
        equals  = "Service"
      }
    }
    let "namespace" {
      path    = "backend.namespace"
      default = "{own}"
    }
    let "service" { path = "backend.name" }
    let "port" { path = "backend.port" }
  }
}

# The pods that run for long, by each of their labels, and the names of their ports.
selector "labelled" {
  select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout"] }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  each "label" { path = "spec.template.metadata.labels[*]" }
}

gather "labelled_pods" {
  label = "the pods are declared here"
  select "selector" { of = "labelled" }
  let "key" { text = "{label_key}" }
  let "value" { path = "label" }
}

gather "labelled_ports" {
  label = "the port is declared here"
  select "selector" { of = "labelled" }
  let "key" { text = "{label_key}" }
  let "value" { path = "label" }
  each "called" {
    path = ["spec.template.spec.containers[*].ports[*].name", "spec.template.spec.initContainers[*].ports[*].name"]
  }
}

# Services, by each of their labels, and the names of their ports.
selector "labelled_service" {
  select "object" { kinds = ["Service"] }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  each "label" { path = "metadata.labels[*]" }
}

gather "labelled_services" {
  label = "the service is declared here"
  select "selector" { of = "labelled_service" }
  let "key" { text = "{label_key}" }
  let "value" { path = "label" }
}

gather "labelled_service_ports" {
  label = "the port is declared here"
  select "selector" { of = "labelled_service" }
  let "key" { text = "{label_key}" }
  let "value" { path = "label" }
  each "called" { path = "spec.ports[*].name" }
}
