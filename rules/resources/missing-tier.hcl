summary    = "namespace does not say how important it is"
convention = "C42"
severity   = "warning"
reads      = ["**/kyverno/**/*.{tf,tf.json}"]

select "object" { kinds = ["Namespace"] }

let "label" { text = param.tier_label }

let "named" { path = "metadata.name" }

unless {
  any {
    exists {
      in     = "ungoverned_namespaces"
      covers = { namespace = "{named}" }
    }
    exists {
      in    = "labelled_tiers"
      match = { named = "{named}" }
    }
  }
}

require "missing" {
  path      = "metadata.labels[\"{label}\"]"
  present   = true
  underline = "subject"

  fix {
    safety         = "display"
    set_expression = { "metadata.labels[\"{label}\"]" = "local.tiers.aux" }
  }
}

require "unknown" {
  when {
    path    = "metadata.labels[\"{label}\"]"
    present = true
  }
  path = "metadata.labels[\"{label}\"]"
  in   = "tier_limits.tier"
}

case "missing" {
  message = "namespace `{named}` has no label `{label}`: its pods get the smallest limits, and yield to all others"
  help    = "add `{label} = local.tiers.aux`, or the tier that it belongs to, to `metadata.labels`"
}

case "unknown" {
  message = "`{value}` is no tier: namespace `{named}` gets neither limits nor a priority"
  help    = "write one of the tiers that the policy knows, such as `{near}`"
}
