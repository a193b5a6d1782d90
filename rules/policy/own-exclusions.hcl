summary    = "security policy has a list of excluded namespaces of its own"
convention = "B53"
severity   = "error"
facts      = "stack"

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

# Beside it, whatever joins the two.
require "added" {
  when {
    path      = "excluded"
    refers_to = param.shared_exclusions
  }
  path  = "excluded.namespaces[*]"
  every = true
  in    = "shared_namespaces.namespace"
}

case "added" {
  message = "policy `{name}` excludes `{value}` beside the shared list: whoever reads that list does not learn of it"
  help    = "put it on the shared list, with a reason"
}

case "own" {
  message = "policy `{name}` excludes namespaces by a list of its own: the next exception is made in one policy and missed in the others"
  help    = "use the shared list that the other security policies exclude"
}
