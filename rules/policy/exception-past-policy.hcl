summary    = "exception lets pods past a policy that must refuse them"
convention = "B53"
severity   = "error"

select "object" {
  kinds = ["PolicyException"]
  api   = ["kyverno.io/*"]
}

each "policy" { path = "spec.exceptions[*].policyName" }

forbid "past" {
  path   = "policy"
  one_of = param.enforced
}

case "past" {
  message = "`{name}` lets through what policy `{value}` refuses, beside the one list of exceptions: whoever reads that list does not learn of it"
  help    = "put the namespace on the list that the security policies exclude, with a reason"
}
