summary    = "alert asks about a container that nothing in its namespace has"
convention = "E18"
severity   = "warning"
facts      = "repo"

select "row" { of = "prometheus.alerts" }

each "selector" { path = "query.selectors[*]" }

# A stream of Loki has no name; of the series of Prometheus, these have the container of what they are about.
unless {
  all {
    path    = "selector.name"
    present = true
  }
  not {
    path    = "selector.name"
    matches = param.namespaced_series
  }
}

each "place" { path = "selector.matchers[*]" }

where {
  path   = "place.label"
  equals = param.namespace_label
}

where {
  path   = "place.operator"
  equals = "="
}

let "namespace" { path = "place.value" }

each "matcher" { path = "selector.matchers[*]" }

where {
  path   = "matcher.label"
  equals = param.container_label
}

where {
  path   = "matcher.operator"
  one_of = ["=", "=~"]
}

each "container" { path = "matcher.words[*]" }

unless {
  path  = "container"
  empty = true
}

unless {
  path   = "container"
  one_of = param.foreign_containers
}

# Only where all that runs there is written here.
where {
  exists {
    in    = "containers"
    match = { namespace = "{namespace}" }
  }
}

unknown {
  because = "namespace `{namespace}` has pods that are not written here"
  exists {
    in    = "kubernetes.open_namespaces"
    match = { namespace = "{namespace}" }
  }
  not {
    exists {
      in    = "containers"
      match = { namespace = "{namespace}", container = "{container}" }
    }
  }
}

let "home" {
  in     = "containers"
  match  = { namespace = "{namespace}" }
  column = "stack"
}

unknown {
  because = "what stack `{home}` runs is not all read"
  exists {
    in    = "unread_homes"
    match = { home = "{home}" }
  }
  not {
    exists {
      in    = "containers"
      match = { namespace = "{namespace}", container = "{container}" }
    }
  }
}

require "unknown" {
  exists {
    in    = "containers"
    match = { namespace = "{namespace}", container = "{container}" }
  }
  at = "container"
}

case "unknown" {
  message = "nothing in namespace `{namespace}` runs a container `{container}`: `{alert}` asks about what is not there"
  help    = "write the `name` of a container that a pod there has"
}
