summary  = "service sends requests to a port by a name that no port of its pods has"
severity = "error"
facts    = "repo"

select "object" { kinds = ["Service"] }

# By one label it is plain which pods are meant.
where {
  path           = "spec.selector"
  items_at_least = 1
  items_at_most  = 1
}

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

each "label" { path = "spec.selector[*]" }

# Another stack may be another cluster.
where {
  exists {
    in    = "labelled_pods"
    match = { namespace = "{namespace}", key = "{label_key}", value = "{label}", stack = "{stack}" }
  }
}

each "port" { path = "spec.ports[*]" }

let "target" { path = "port.targetPort" }

where {
  path    = "target"
  matches = "[A-Za-z]"
}

require "dead" {
  exists {
    in    = "labelled_ports"
    match = { namespace = "{namespace}", key = "{label_key}", value = "{label}", called = "{target}" }
  }
  at = "target"
}

case "dead" {
  message = "no port of the pods that `{name}` selects is called `{target}`: nobody answers there"
  help    = "write the name or the number of a port of the container"
}
