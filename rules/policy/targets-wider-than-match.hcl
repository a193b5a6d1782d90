summary    = "rule changes more existing objects than it matches"
convention = "C27"
severity   = "error"

select "object" {
  kinds = ["ClusterPolicy", "Policy"]
  api   = ["kyverno.io/*"]
}

each "rule" { path = "spec.rules[*]" }

# For all rules, or, in later versions, for this one.
where {
  path   = ["spec.mutateExistingOnPolicyUpdate", "rule.mutate.mutateExistingOnPolicyUpdate"]
  equals = true
}

where {
  path    = "rule.mutate"
  present = true
}

let "rule_name" {
  path    = "rule.name"
  default = "(unnamed)"
}

each "filter" { path = ["rule.match[*].resources", "rule.match.resources"] }

where {
  path    = "filter.selector"
  present = true
}

each "target" { path = "rule.mutate.targets[*]" }

let "target_kind" { path = "target.kind" }

# A target of another kind is found through what triggered the rule.
where {
  path    = "filter.kinds[*]"
  matches = "(^|/){target_kind}$"
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

# Of one list of values, those of the target must be in that of the match.
require "wider" {
  when {
    all {
      path   = ["filter.selector.matchExpressions[0].operator", "target.selector.matchExpressions[0].operator"]
      every  = true
      equals = "In"
    }
    all {
      path          = ["filter.selector.matchExpressions", "target.selector.matchExpressions"]
      every         = true
      items_at_most = 1
    }
    all {
      path    = "target.selector.matchExpressions[0].values"
      present = true
    }
    all {
      path   = "target.selector.matchExpressions[0].key"
      equals = { path = "filter.selector.matchExpressions[0].key" }
    }
  }
  path    = "target.selector.matchExpressions[0].values[*]"
  every   = true
  one_of  = { path = "filter.selector.matchExpressions[0].values[*]" }
  at      = "target.selector"
  related = { "filter.selector" = "the rule matches only these" }

  fix { copy = { "target.selector" = "filter.selector" } }
}

case "wider" {
  message = "rule `{rule_name}` of policy `{name}` matches by a selector that its target `{target_kind}` lacks: each trigger changes every {target_kind}"
  help    = "give the target the same `selector` as `match`, from one local"
}
