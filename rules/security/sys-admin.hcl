summary    = "container asks for `SYS_ADMIN` in a namespace where admission refuses that"
convention = "B54"
severity   = "error"
facts      = "repo"

select "selector" { of = "kubernetes.pod" }

where {
  exists {
    in    = "exempt"
    match = { policy = param.sys_admin_policy }
  }
}

each "list" { texts = ["containers", "initContainers"] }

each "added" { path = "pod.{list}[*].securityContext.capabilities.add[*]" }

where {
  path   = "added"
  one_of = [param.sys_admin, param.all_capabilities]
}

require "refused" {
  exists {
    in     = "exempt"
    match  = { policy = param.sys_admin_policy }
    covers = { namespace = "{namespace}" }
  }
}

# The policy looks for one word, in containers that stay.
case "refused" {
  when {
    any {
      all {
        text   = "{list}"
        equals = "initContainers"
      }
      all {
        path   = "added"
        one_of = param.all_capabilities
      }
    }
  }
  message = "`{name}` asks for `{added}`, nearly root on the node, in namespace `{namespace}`, which the admission policy does not exempt: it is written where that policy may not see it"
  help    = "ask for the capability that is needed; or exempt the namespace in the policy's list, with a reason"
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
