summary    = "policy changes pods on every update, also of those that are being deleted"
convention = "C26"
severity   = "error"
facts      = "stack"

select "object" {
  kinds = ["ClusterPolicy", "Policy"]
  api   = ["kyverno.io/*"]
}

each "rule" { path = "spec.rules[*]" }

where {
  path    = "rule.mutate"
  present = true
}

# A rule with targets changes these, and not what it is asked about.
unless {
  path    = "rule.mutate.targets"
  present = true
}

# Other ways to leave updates out.
unless {
  path     = ["rule.exclude[*].resources.operations", "rule.exclude.resources.operations"]
  contains = "UPDATE"
}

let "rule_name" {
  path    = "rule.name"
  default = "(unnamed)"
}

unless {
  exists {
    in    = "creations"
    match = { policy = "{name}", rule_name = "{rule_name}", stack = "{stack}" }
  }
}

each "pods" { path = ["rule.match[*].resources", "rule.match.resources"] }

where {
  path   = "pods.kinds[*]"
  one_of = ["Pod", "v1/Pod", "*/Pod", "*", "*/*"]
}

require "update" {
  path    = "pods.operations[*]"
  present = true
  every   = true
  one_of  = ["CREATE", "CONNECT", "DELETE"]
  related = { "rule.mutate" = "this is written into the pod" }

  fix {
    set_expression = { "pods.operations" = "[\"CREATE\"]" }
  }
}

case "update" {
  message = "rule `{rule_name}` of policy `{name}` also mutates pods on UPDATE: to remove a finalizer is one, and deleted pods stay Terminating"
  help    = "write `operations = [\"CREATE\"]` beside `kinds`"
}
