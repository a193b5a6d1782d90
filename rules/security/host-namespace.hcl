summary    = "pod shares a namespace of the node where admission refuses that"
convention = "B54"
severity   = "error"
facts      = "repo"

select "selector" { of = "kubernetes.pod" }

where {
  exists {
    in    = "exempt"
    match = { policy = param.host_policy }
  }
}

each "field" { texts = { hostNetwork = "network", hostPID = "processes", hostIPC = "IPC", host_pid = "processes", host_ipc = "IPC" } }

each "flag" { path = "pod.{field}" }

where {
  path   = "flag"
  equals = true
}

require "refused" {
  exists {
    in     = "exempt"
    match  = { policy = param.host_policy }
    covers = { namespace = "{namespace}" }
  }
}

case "refused" {
  when {
    exists {
      in    = "auditing"
      match = { policy = param.host_policy }
    }
  }
  message = "`{name}` shares the node's {field_value} in namespace `{namespace}`, which the admission policy does not exempt: its pods are refused once that policy enforces"
  help    = "delete it; or exempt the namespace in the policy's list, with a reason"
}

case "refused" {
  message = "`{name}` shares the node's {field_value} in namespace `{namespace}`, which the admission policy does not exempt: its pods are refused"
  help    = "delete it; or exempt the namespace in the policy's list, with a reason"
}
