summary    = "rule changes more existing objects than it matches"
convention = "C27"
severity   = "error"

select "object" {
  kinds = ["ClusterPolicy", "Policy"]
  api   = ["kyverno.io/*"]
}

where {
  path   = "spec.mutateExistingOnPolicyUpdate"
  equals = true
}

each "rule" { path = "spec.rules[*]" }

where {
  path    = "rule.mutate"
  present = true
}

let "rule_name" {
  path    = "rule.name"
  default = "(unnamed)"
}

each "filter" { path = "rule.match[*].resources" }

where {
  path    = "filter.selector"
  present = true
}

each "target" { path = "rule.mutate.targets[*]" }

let "target_kind" { path = "target.kind" }

# A target of another kind is found through what triggered the rule.
where {
  path   = "filter.kinds[*]"
  equals = { path = "target.kind" }
}

# A target with a name is one object.
unless {
  path    = "target.name"
  present = true
}

require "wider" {
  path    = "target.selector"
  present = true
  at      = "target"
  related = { "filter.selector" = "the rule matches only these" }

  fix { copy = { "target.selector" = "filter.selector" } }
}

require "wider" {
  when {
    all {
      path    = "target.selector"
      present = true
    }
    all {
      path    = "filter.selector.matchLabels"
      present = true
    }
  }
  path      = "filter.selector.matchLabels"
  subset_of = "target.selector.matchLabels"
  at        = "target.selector"
  related   = { "filter.selector" = "the rule matches only these" }

  fix { copy = { "target.selector" = "filter.selector" } }
}

require "wider" {
  when {
    all {
      path    = "target.selector"
      present = true
    }
    all {
      path    = "filter.selector.matchExpressions"
      present = true
    }
  }
  path    = "target.selector.matchExpressions[*].key"
  equals  = { path = "filter.selector.matchExpressions[0].key" }
  at      = "target.selector"
  related = { "filter.selector" = "the rule matches only these" }

  fix { copy = { "target.selector" = "filter.selector" } }
}

case "wider" {
  message = "rule `{rule_name}` of policy `{name}` matches by a selector that its target `{target_kind}` lacks: each trigger changes every {target_kind}"
  help    = "give the target the same `selector` as `match`, from one local"
}
