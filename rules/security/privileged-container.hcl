summary    = "container is privileged in a namespace where admission refuses that"
convention = "B54"
severity   = "error"
facts      = "repo"

select "selector" { of = "kubernetes.pod" }

where {
  exists {
    in    = "exempt"
    match = { policy = param.privileged_policy }
  }
}

each "list" { texts = ["containers", "initContainers"] }

each "flag" { path = "pod.{list}[*].securityContext.privileged" }

where {
  path   = "flag"
  equals = true
}

require "refused" {
  exists {
    in     = "exempt"
    match  = { policy = param.privileged_policy }
    covers = { namespace = "{namespace}" }
  }
}

case "refused" {
  when {
    exists {
      in    = "auditing"
      match = { policy = param.privileged_policy }
    }
  }
  message = "`{name}` is privileged in namespace `{namespace}`, which the admission policy does not exempt: its pods are refused once that policy enforces"
  help    = "add the single capability that is needed; or exempt the namespace in the policy's list, with a reason"
}

case "refused" {
  message = "`{name}` is privileged in namespace `{namespace}`, which the admission policy does not exempt: its pods are refused"
  help    = "add the single capability that is needed; or exempt the namespace in the policy's list, with a reason"
}
