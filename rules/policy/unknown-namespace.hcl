summary    = "policy names a namespace that the repo does not have"
convention = "D21"
severity   = "info"

select "object" {
  kinds = ["ClusterPolicy", "Policy"]
  api   = ["kyverno.io/*"]
}

each "listed" { path = "spec.rules[*].exclude[*].resources.namespaces[*]" }

unless {
  path   = "listed"
  one_of = param.foreign_namespaces
}

unless {
  path     = "listed"
  contains = "*"
}

require "unknown" {
  path = "listed"
  in   = "declared_namespaces.named"
}

case "unknown" {
  message = "policy `{name}` makes an exception for namespace `{value}`, which the repo does not declare: whoever creates it is exempt"
  help    = "take it off the list, or correct it: the nearest is `{near}`"
}
