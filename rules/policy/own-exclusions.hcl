summary    = "security policy has a list of excluded namespaces of its own"
convention = "B53"
severity   = "error"

select "object" {
  kinds = ["ClusterPolicy", "Policy"]
  api   = ["kyverno.io/*"]
}

where {
  path   = "metadata.name"
  one_of = param.enforced
}

each "excluded" { path = ["spec.rules[*].exclude[*].resources", "spec.rules[*].exclude.resources"] }

where {
  path    = "excluded.namespaces"
  present = true
}

require "own" {
  path      = "excluded"
  refers_to = param.shared_exclusions
  at        = "excluded.namespaces"
}

case "own" {
  message = "policy `{name}` excludes namespaces by a list of its own: the next exception is made in one policy and missed in the others"
  help    = "use the shared list that the other security policies exclude"
}
