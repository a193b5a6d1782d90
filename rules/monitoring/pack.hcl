summary = "whether what is to be watched can be reached"

applies_when {
  file {
    path     = "**/*.tf"
    contains = "\"prometheus.io/port\""
  }
  file {
    path     = "**/*.tf"
    contains = "KYVERNO_LIFECYCLE_V1"
  }
}

params {
  # The annotations by which Prometheus finds a port.
  port_annotation   = "prometheus.io/port"
  scrape_annotation = "prometheus.io/scrape"

  # Where Alertmanager is configured, and the alerts about whole nodes.
  alertmanager_files = ["stacks/monitoring/**"]
  node_inhibition    = "alertname *=~? *\"?Node[A-Za-z|]*\"?\\s+target_matchers:\\s+- [^\\n]*\\s+(?<at>equal):"

  # Where alerts are defined.
  alert_files = ["stacks/monitoring/**"]
}

# Every port that a pod or a service has, by stack.
gather "ports" {
  label = "a port of the stack is here"
  from {
    select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"] }
    each "port" { path = "spec.template.spec.containers[*].ports[*].containerPort" }
    let "number" { path = "port" }
  }
  from {
    select "object" { kinds = ["Service"] }
    each "port" { path = ["spec.ports[*].port", "spec.ports[*].targetPort"] }
    let "number" { path = "port" }
  }
}

# Every stack of which something is scraped.
gather "watched" {
  label = "the stack is watched here"
  from {
    select "object" { kinds = ["ServiceMonitor", "PodMonitor"] }
    let "how" { text = "monitor" }
  }
  from {
    select "object" { kinds = ["Service", "Deployment", "StatefulSet", "DaemonSet"] }
    each "switch" { texts = [param.scrape_annotation] }
    where {
      path   = ["metadata.annotations[\"{switch}\"]", "spec.template.metadata.annotations[\"{switch}\"]"]
      equals = "true"
    }
    let "how" { text = "annotation" }
  }
}
