summary    = "alert asks about a namespace that the repo does not have"
convention = "E18"
severity   = "warning"
facts      = "repo"

select "row" { of = "prometheus.alerts" }

# Only where the repo also runs what evaluates them: others may bring alerts to a cluster that they do not know.
where {
  exists { in = "prometheus.evaluators" }
}

each "selector" { path = "query.selectors[*]" }

# A stream of Loki has no name; of the series of Prometheus, these have the namespace of what they are about.
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

each "matcher" { path = "selector.matchers[*]" }

where {
  path   = "matcher.label"
  equals = param.namespace_label
}

where {
  path   = "matcher.operator"
  one_of = ["=", "=~"]
}

each "namespace" { path = "matcher.words[*]" }

# Without one.
unless {
  path  = "namespace"
  empty = true
}

unless {
  path   = "namespace"
  one_of = param.foreign_namespaces
}

require "unknown" {
  derive = false
  path   = "namespace"
  in     = "known_namespaces.namespace"
}

case "unknown" {
  when {
    path    = "near"
    present = true
  }
  message = "nothing in this repo makes a namespace `{namespace}`: unless something else does, `{alert}` asks about what is not there"
  help    = "write `{near}` if that is meant; one that comes from elsewhere belongs in the param `foreign_namespaces`"
}

case "unknown" {
  message = "nothing in this repo makes a namespace `{namespace}`: unless something else does, `{alert}` asks about what is not there"
  help    = "write a namespace that is there, or delete the alert; one that comes from elsewhere belongs in the param `foreign_namespaces`"
}
