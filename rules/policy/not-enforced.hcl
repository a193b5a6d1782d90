summary    = "policy that must refuse only reports"
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

each "rule" { path = "spec.rules[*]" }

where {
  path    = "rule.validate"
  present = true
}

# The rule's own action wins over that of the policy.
require "weakened" {
  when {
    path    = "rule.validate.failureAction"
    present = false
  }
  path   = "spec.validationFailureAction"
  one_of = ["Enforce", "enforce"]

  fix {
    when {
      path    = "spec.validationFailureAction"
      present = true
    }
    replace = "Enforce"
  }

  fix {
    set = { "spec.validationFailureAction" = "Enforce" }
  }
}

require "weakened" {
  when {
    path    = "rule.validate.failureAction"
    present = true
  }
  path   = "rule.validate.failureAction"
  one_of = ["Enforce", "enforce"]

  fix { replace = "Enforce" }
}

# Where an override says otherwise, that counts.
forbid "overridden" {
  path   = ["spec.validationFailureActionOverrides[*].action", "rule.validate.failureActionOverrides[*].action"]
  one_of = ["Audit", "audit"]
}

# Such a policy is asked by reports in the background only.
forbid "off" {
  path   = "spec.admission"
  equals = false
}

case "overridden" {
  message = "policy `{name}` refuses nothing where this override applies: it reports, and nobody reads the reports"
  help    = "delete the override; what must be let through belongs on the list of excluded namespaces"
}

case "off" {
  message = "policy `{name}` is not asked when something is made: it reports, and nobody reads the reports"
  help    = "delete `admission = false`"
}

case "weakened" {
  message = "policy `{name}` does not refuse: it reports, and nobody reads the reports"
  help    = "write `validationFailureAction = \"Enforce\"`"
}
