summary  = "monitor scrapes a port by a name that no port of what it selects has"
severity = "error"
facts    = "repo"

select "object" {
  kinds = ["ServiceMonitor", "PodMonitor"]
  api   = ["monitoring.coreos.com/*"]
}

# By one label, in its own namespace, it is plain what is meant.
where {
  path           = "spec.selector.matchLabels"
  items_at_least = 1
  items_at_most  = 1
}

unless {
  path    = ["spec.selector.matchExpressions", "spec.namespaceSelector"]
  present = true
}

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

each "label" { path = "spec.selector.matchLabels[*]" }

each "endpoint" { path = ["spec.endpoints[*]", "spec.podMetricsEndpoints[*]"] }

let "port" { path = "endpoint.port" }

where {
  path    = "port"
  matches = "[A-Za-z]"
}

require "service" {
  when {
    all {
      text   = "{kind}"
      equals = "ServiceMonitor"
    }
    exists {
      in    = "labelled_services"
      match = { namespace = "{namespace}", key = "{label_key}", value = "{label}", stack = "{stack}" }
    }
  }
  exists {
    in    = "labelled_service_ports"
    match = { namespace = "{namespace}", key = "{label_key}", value = "{label}", called = "{port}" }
  }
  at = "port"
}

require "pods" {
  when {
    all {
      text   = "{kind}"
      equals = "PodMonitor"
    }
    exists {
      in    = "labelled_pods"
      match = { namespace = "{namespace}", key = "{label_key}", value = "{label}", stack = "{stack}" }
    }
  }
  exists {
    in    = "labelled_ports"
    match = { namespace = "{namespace}", key = "{label_key}", value = "{label}", called = "{port}" }
  }
  at = "port"
}

case "service" {
  message = "no port of the services that `{name}` selects is called `{port}`: nothing is scraped"
  help    = "write the `name` of a port of the service, which is not that of its pods"
}

case "pods" {
  message = "no port of the pods that `{name}` selects is called `{port}`: nothing is scraped"
  help    = "write the `name` of a port of the container"
}
