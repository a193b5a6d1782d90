summary    = "rule that changes existing objects does not say which"
convention = "C27"
severity   = "error"

select "object" {
  kinds = ["ClusterPolicy", "Policy"]
  api   = ["kyverno.io/*"]
}

each "rule" { path = "spec.rules[*]" }

# For all rules, or, in later versions, for this one.
where {
  path   = ["spec.mutateExistingOnPolicyUpdate", "rule.mutate.mutateExistingOnPolicyUpdate"]
  equals = true
}

where {
  path    = "rule.mutate"
  present = true
}

let "rule_name" {
  path    = "rule.name"
  default = "(unnamed)"
}

# What the rule matches first, which is often what it changes.
let "matched" {
  path    = ["rule.match.any[0].resources.kinds[0]", "rule.match.all[0].resources.kinds[0]", "rule.match.resources.kinds[0]"]
  default = "…"
}

require "no_targets" {
  path           = "rule.mutate.targets"
  items_at_least = 1

  fix {
    when {
      path    = "rule.mutate.targets"
      present = false
    }
    safety         = "display"
    title          = "add `targets`"
    set_expression = { "rule.mutate.targets" = "[{{ apiVersion = \"…\", kind = \"{matched}\" }}]" }
  }
}

case "no_targets" {
  message = "rule `{rule_name}` of policy `{name}` has no `mutate.targets`: with `mutateExistingOnPolicyUpdate` the webhook refuses the policy"
  help    = "list what is changed: `targets = [{{ apiVersion = \"apps/v1\", kind = \"Deployment\" }}]`"
}
