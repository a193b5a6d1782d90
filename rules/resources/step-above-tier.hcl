summary    = "step of a pipeline asks for more memory than the tier of its namespace allows"
convention = "B40"
severity   = "error"
facts      = "repo"

select "selector" { of = "ci.step" }

let "namespace" {
  in     = "step_namespaces"
  match  = {}
  column = "named"
}

where {
  text    = "{namespace}"
  matches = "."
}

# Of two it is not known in which one this pipeline runs.
unless {
  exists {
    in      = "step_namespaces"
    differs = { named = "{namespace}" }
  }
}

where {
  exists {
    in    = "bounded_namespaces"
    match = { named = "{namespace}" }
  }
}

let "tier" {
  in     = "bounded_namespaces"
  match  = { named = "{namespace}" }
  column = "tier"
}

let "most" {
  in     = "bounded_namespaces"
  match  = { named = "{namespace}" }
  column = "most"
}

unless {
  exists {
    in    = "ungoverned_namespaces"
    match = { namespace = "{namespace}" }
  }
}

forbid "above" {
  path = [
    "step.backend_options.kubernetes.resources.limits.memory",
    "step.backend_options.kubernetes.resources.requests.memory",
  ]
  above  = "{most}"
  as     = "quantity"
  derive = false
}

case "above" {
  message = "`{value}` is more than the `{most}` that a container may have in tier `{tier}` of namespace `{namespace}`: the step never starts"
  help    = "ask for less, or give the namespace limits of its own"
}
