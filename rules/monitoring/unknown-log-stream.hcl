summary    = "log query asks for a stream that no shipper sends"
convention = "E18"
severity   = "error"
facts      = "repo"

select "row" { of = "prometheus.alerts" }

each "selector" { path = "query.selectors[*]" }

# Of Prometheus a series has a name.
unless {
  path    = "selector.name"
  present = true
}

each "stream" { path = "selector.labels.job" }

# Where a shipper makes the label of the namespace, every namespace is one, alone or with the container behind it.
unless {
  exists {
    in = "streams_by_namespace"
  }
  any {
    all {
      path     = "stream"
      contains = "/"
    }
    certain {
      path = "stream"
      in   = "known_namespaces.namespace"
    }
  }
}

require "unknown" {
  path = "stream"
  in   = "streams.value"
}

case "unknown" {
  when {
    path    = "near"
    present = true
  }
  message = "no shipper sends a stream with this label, `{stream}`: `{alert}` can never fire"
  help    = "write `{near}` if that is meant, or let a shipper set the label"
}

case "unknown" {
  message = "no shipper sends a stream with this label, `{stream}`: `{alert}` can never fire"
  help    = "write the label that a shipper sets"
}
