summary    = "policy names a namespace that the repo does not have"
convention = "D21"
severity   = "info"
facts      = "repo"

select "object" {
  kinds = ["ClusterPolicy", "Policy"]
  api   = ["kyverno.io/*"]
}

each "filter" {
  path = [
    "spec.rules[*].match[*].resources", "spec.rules[*].exclude[*].resources",
    "spec.rules[*].match.resources", "spec.rules[*].exclude.resources",
  ]
}

# Names of other objects.
unless {
  all {
    path    = "filter.names"
    present = true
  }
  not {
    path     = "filter.kinds"
    contains = "Namespace"
  }
}

each "listed" { path = ["filter.namespaces[*]", "filter.names[*]"] }

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
  message = "policy `{name}` names namespace `{value}`, which the repo does not declare: whoever creates it gets what was meant for another"
  help    = "take it off the list, or correct it: the nearest is `{near}`"
}
