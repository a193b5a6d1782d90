summary    = "policy clones the pull secret into namespaces that nobody has named"
convention = "B17"
severity   = "error"

select "object" { kinds = ["ClusterPolicy"] }

where {
  path   = "metadata.name"
  one_of = param.pull_secret_policies
}

let "secret" { text = param.pull_secret }

each "rule" { path = "spec.rules[*]" }

each "matched" { path = ["rule.match.any[*].resources", "rule.match.all[*].resources", "rule.match.resources"] }

# Where nothing narrows it down, it is all of them.
require "all" {
  when {
    path     = "matched.kinds"
    contains = "Namespace"
  }
  path = [
    "matched.names", "matched.name", "matched.selector", "matched.namespaceSelector", "matched.annotations", "rule.preconditions",
    "rule.celPreconditions",
  ]
  present = true
  at      = "matched"
}

forbid "wildcard" {
  path    = ["matched.names[*]", "matched.name"]
  matches = "[*?]"
}

case "all" {
  message = "this rule names no namespaces: every pod in whatever namespace reads `{secret}`, which opens all private packages"
  help    = "name the namespaces that pull private images, one by one"
}

case "wildcard" {
  message = "`{value}` lets every pod in whatever namespace it covers read `{secret}`, which opens all private packages"
  help    = "name the namespaces that pull private images, one by one"
}
