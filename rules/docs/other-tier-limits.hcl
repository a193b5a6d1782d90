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

case "usual" {
  message = "a container of tier `{tier}` that asks for nothing gets {policy_usual}, not {usual}"
  help    = "write `{policy_usual}`"
}

case "most" {
  message = "a container of tier `{tier}` may ask for {policy_most}, not {most}"
  help    = "write `{policy_most}`"
}
