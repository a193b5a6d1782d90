summary    = "alert about a workload that is down asks about one that the code has stopped"
convention = "E18"
severity   = "warning"
facts      = "repo"

select "row" { of = "prometheus.alerts" }

# How many there should be is asked as well.
unless {
  path    = "query.selectors[*].name"
  matches = param.wanted_series
}

each "comparison" { path = "query.comparisons[*]" }

where {
  any {
    all {
      path   = "comparison.operator"
      equals = "<"
    }
    all {
      path   = "comparison.operator"
      one_of = ["<=", "=="]
    }
  }
}

where {
  any {
    all {
      path   = "comparison.operator"
      equals = "<"
    }
    all {
      path   = "comparison.threshold"
      equals = 0
    }
  }
}

where {
  path    = "comparison.threshold"
  at_most = 1
}

where {
  path   = "comparison.alone"
  equals = true
}

each "selector" { path = "comparison.selectors[*]" }

where {
  path    = "selector.name"
  matches = param.running_series
}

let "namespace" { path = "selector.labels.namespace" }

let "workload" { path = ["selector.labels.deployment", "selector.labels.statefulset"] }

forbid "stopped" {
  exists {
    in    = "stopped_workloads"
    match = { namespace = "{namespace}", named = "{workload}" }
  }
  at = "selector.labels"
}

case "stopped" {
  message = "`{workload}` in namespace `{namespace}` has no replicas in the code: `{alert}` never stops firing"
  help    = "ask how many there should be first, `kube_deployment_spec_replicas{{…}} > 0 and …`, or take the alert out as long as it is stopped"
}
