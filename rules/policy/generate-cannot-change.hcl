summary    = "policy that generates objects for a list of names cannot be changed in place"
convention = "C28"
severity   = "warning"

select "resource" { types = ["kubectl_manifest"] }

where {
  path   = "yaml_body.kind"
  one_of = ["ClusterPolicy", "Policy"]
}

where {
  path = "yaml_body.apiVersion"
  like = ["kyverno.io/*"]
}

each "rule" { path = "yaml_body.spec.rules[*]" }

where {
  path    = "rule.generate"
  present = true
}

# A list of names grows; a rule for whatever has a label does not change.
where {
  any {
    all {
      path    = ["rule.match[*].resources.names", "rule.match.resources.names"]
      present = true
    }
    all {
      path    = ["rule.match[*].resources.namespaces", "rule.match.resources.namespaces"]
      present = true
    }
  }
}

require "in_place" {
  path      = "force_new"
  equals    = true
  underline = "subject"
  related   = { "rule.match" = "who edits this list edits the rule" }
}

case "in_place" {
  message = "`{address}` generates objects for a list of names without `force_new`: the webhook refuses to change a generate rule, and the apply fails"
  help    = "write `force_new = true` beside `yaml_body`: what was generated outlives the policy"
}
