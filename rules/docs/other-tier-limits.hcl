summary    = "table of what each tier gets differs from the policy that gives it"
convention = "C65"
severity   = "info"
facts      = "repo"

select "row" { of = "tier_rows" }

# A row may stand for several tiers: `3-edge / 4-aux`.
where {
  exists {
    in    = "resources.tier_limits"
    match = { tier = "{tier}" }
  }
}

let "policy_usual" {
  in     = "resources.tier_limits"
  match  = { tier = "{tier}" }
  column = "usual"
}

let "policy_most" {
  in     = "resources.tier_limits"
  match  = { tier = "{tier}" }
  column = "most"
}

let "policy_usual_cpu" {
  in      = "resources.tier_limits"
  match   = { tier = "{tier}" }
  column  = "usual_cpu"
  default = "none"
}

let "policy_most_cpu" {
  in      = "resources.tier_limits"
  match   = { tier = "{tier}" }
  column  = "most_cpu"
  default = "none"
}

require "usual" {
  when {
    path    = "usual"
    present = true
  }
  exists {
    in    = "resources.tier_limits"
    match = { tier = "{tier}", usual = "{usual}" }
  }
  at      = "usual"
  related = { policy_usual = "required here" }

  # A row for several tiers can only be right for all of them by itself.
  fix {
    when {
      not {
        path     = "row.Tier"
        contains = "/"
      }
    }
    replace = "{policy_usual}"
  }
}

require "most" {
  when {
    path    = "most"
    present = true
  }
  exists {
    in    = "resources.tier_limits"
    match = { tier = "{tier}", most = "{most}" }
  }
  at      = "most"
  related = { policy_most = "required here" }

  fix {
    when {
      not {
        path     = "row.Tier"
        contains = "/"
      }
    }
    replace = "{policy_most}"
  }
}

require "usual_cpu" {
  when {
    path    = "usual_cpu"
    matches = "^[0-9]"
  }
  exists {
    in    = "resources.tier_limits"
    match = { tier = "{tier}", usual_cpu = "{usual_cpu}" }
  }
  at = "usual_cpu"

  fix {
    when {
      not {
        path     = "row.Tier"
        contains = "/"
      }
    }
    replace = "{policy_usual_cpu}"
  }
}

require "most_cpu" {
  when {
    path    = "most_cpu"
    matches = "^[0-9]"
  }
  exists {
    in    = "resources.tier_limits"
    match = { tier = "{tier}", most_cpu = "{most_cpu}" }
  }
  at = "most_cpu"

  fix {
    when {
      not {
        path     = "row.Tier"
        contains = "/"
      }
    }
    replace = "{policy_most_cpu}"
  }
}

case "usual" {
  message = "a container of tier `{tier}` that asks for nothing gets {policy_usual}, not {usual}"
  help    = "write `{policy_usual}`"
}

case "most" {
  message = "a container of tier `{tier}` may ask for {policy_most}, not {most}"
  help    = "write `{policy_most}`"
}

case "usual_cpu" {
  message = "by the policy, tier `{tier}` has {policy_usual_cpu} as its default CPU limit, not {usual_cpu}"
  help    = "write `{policy_usual_cpu}`"
}

case "most_cpu" {
  message = "by the policy, tier `{tier}` has {policy_most_cpu} as its greatest CPU limit, not {most_cpu}"
  help    = "write `{policy_most_cpu}`"
}
