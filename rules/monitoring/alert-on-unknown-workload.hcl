summary    = "alert asks about a workload that its namespace does not have, or that is of another kind"
convention = "E18"
severity   = "warning"
facts      = "repo"

select "row" { of = "prometheus.alerts" }

each "selector" { path = "query.selectors[*]" }

let "sort" {
  path    = "selector.name"
  capture = param.workload_series
}

where {
  path    = "sort"
  present = true
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
  equals = "{sort}"
}

where {
  path   = "matcher.operator"
  one_of = ["=", "=~"]
}

each "workload" { path = "matcher.words[*]" }

unless {
  path  = "workload"
  empty = true
}

# Only where all that runs there is written here, or something of this name is.
where {
  exists {
    in    = "counted_workloads"
    match = { namespace = "{namespace}" }
  }
}

unknown {
  because = "namespace `{namespace}` has workloads that are not written here"
  exists {
    in    = "kubernetes.open_namespaces"
    match = { namespace = "{namespace}" }
  }
  not {
    exists {
      in    = "counted_workloads"
      match = { namespace = "{namespace}", named = "{workload}" }
    }
  }
}

let "home" {
  in     = "counted_workloads"
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
      in    = "counted_workloads"
      match = { namespace = "{namespace}", named = "{workload}" }
    }
  }
}

require "unknown" {
  exists {
    in    = "counted_workloads"
    match = { namespace = "{namespace}", named = "{workload}", sort = "{sort}" }
  }
  at = "workload"
}

case "unknown" {
  when {
    exists {
      in    = "counted_workloads"
      match = { namespace = "{namespace}", named = "{workload}" }
    }
  }
  message = "`{workload}` in namespace `{namespace}` is no {sort}: `{alert}` asks about what is not there"
  help    = "ask the series of the kind that it is of"
}

case "unknown" {
  message = "namespace `{namespace}` has no {sort} `{workload}`: `{alert}` asks about what is not there"
  help    = "write the name of one that is there"
}
