summary    = "policy that must refuse something is gone"
convention = "B53"
severity   = "error"
facts      = "repo"

# The list of exceptions is where a reader looks for the policies.
select "block" { type = "locals" }

each "list" { texts = param.shared_exclusions }

let "local_name" {
  path    = "list"
  capture = "^local\\.(?<value>.+)$"
}

each "exclusions" { path = "{local_name}" }

each "policy" { texts = param.enforced }

require "gone" {
  exists {
    in    = "policies"
    match = { named = "{policy}" }
  }
  at        = "exclusions"
  underline = "key"
}

case "gone" {
  message = "`{local_name}` excludes namespaces from policy `{policy}`, which is nowhere in the repo: nothing refuses what it refused"
  help    = "restore the policy, or take it out of `enforced` in `params \"policy\"`"
}
