summary    = "container asks for `SYS_ADMIN` in a namespace where admission refuses that"
convention = "B54"
severity   = "error"

select "selector" { of = "kubernetes.pod" }

where {
  exists {
    in    = "exempt"
    match = { policy = param.sys_admin_policy }
  }
}

each "added" { path = "pod.containers[*].securityContext.capabilities.add[*]" }

where {
  path   = "added"
  one_of = ["SYS_ADMIN", "CAP_SYS_ADMIN"]
}

require "refused" {
  exists {
    in    = "exempt"
    match = { policy = param.sys_admin_policy, namespace = "{namespace}" }
  }
}

case "refused" {
  when {
    exists {
      in    = "auditing"
      match = { policy = param.sys_admin_policy }
    }
  }
  message = "`{name}` asks for `SYS_ADMIN`, nearly root on the node, in namespace `{namespace}`, which the admission policy does not exempt: its pods are refused once that policy enforces"
  help    = "ask for the capability that is needed; or exempt the namespace in the policy's list, with a reason"
}

case "refused" {
  message = "`{name}` asks for `SYS_ADMIN`, nearly root on the node, in namespace `{namespace}`, which the admission policy does not exempt: its pods are refused"
  help    = "ask for the capability that is needed; or exempt the namespace in the policy's list, with a reason"
}
