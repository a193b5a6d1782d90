summary    = "table of what each tier gets differs from the policy that gives it"
convention = "C65"
severity   = "info"
facts      = "repo"

select "row" { of = "tier_rows" }

# A row may stand for several tiers: `3-edge / 4-aux`.
where {
  any {
    exists {
      in    = "resources.tier_limits"
      match = { called = "{tier}" }
    }
    exists {
      in    = "resources.tier_quotas"
      match = { tier = "{tier}" }
    }
  }
}

let "policy_usual" {
  in     = "resources.tier_limits"
  match  = { called = "{tier}" }
  column = "usual"
}

let "policy_most" {
  in     = "resources.tier_limits"
  match  = { called = "{tier}" }
  column = "most"
}

let "policy_usual_cpu" {
  in      = "resources.tier_limits"
  match   = { called = "{tier}" }
  column  = "usual_cpu"
  default = "none"
}

let "policy_most_cpu" {
  in      = "resources.tier_limits"
  match   = { called = "{tier}" }
  column  = "most_cpu"
  default = "none"
}

let "policy_all_memory" {
  in     = "resources.tier_quotas"
  match  = { tier = "{tier}" }
  column = "memory"
}

let "policy_all_cpu" {
  in     = "resources.tier_quotas"
  match  = { tier = "{tier}" }
  column = "cpu"
}

let "policy_all_pods" {
  in     = "resources.tier_quotas"
  match  = { tier = "{tier}" }
  column = "pods"
}

require "usual" {
  when {
    path    = "usual"
    present = true
  }
  exists {
    in    = "resources.tier_limits"
    match = { called = "{tier}", usual = "{usual}" }
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
    match = { called = "{tier}", most = "{most}" }
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
    match = { called = "{tier}", usual_cpu = "{usual_cpu}" }
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
    match = { called = "{tier}", most_cpu = "{most_cpu}" }
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

# The quota of a namespace: a table of it says how many pods, too. A range is for several tiers.
require "all_memory" {
  when {
    all {
      path    = "all_pods"
      present = true
    }
    all {
      path    = "policy_all_memory"
      present = true
    }
    all {
      path    = "all_memory"
      matches = "^[0-9]+(?:[KMGT]i|m)?$"
    }
  }
  path   = "all_memory"
  equals = "{policy_all_memory}"

  fix {
    when {
      not {
        path     = "row.Tier"
        contains = "/"
      }
    }
    replace = "{policy_all_memory}"
  }
}

require "all_cpu" {
  when {
    all {
      path    = "all_pods"
      present = true
    }
    all {
      path    = "policy_all_cpu"
      present = true
    }
    all {
      path    = "all_cpu"
      matches = "^[0-9]+(?:[KMGT]i|m)?$"
    }
  }
  path   = "all_cpu"
  equals = "{policy_all_cpu}"

  fix {
    when {
      not {
        path     = "row.Tier"
        contains = "/"
      }
    }
    replace = "{policy_all_cpu}"
  }
}

require "all_pods" {
  when {
    all {
      path    = "all_pods"
      present = true
    }
    all {
      path    = "policy_all_pods"
      present = true
    }
    all {
      path    = "all_pods"
      matches = "^[0-9]+(?:[KMGT]i|m)?$"
    }
  }
  path   = "all_pods"
  equals = "{policy_all_pods}"

  fix {
    when {
      not {
        path     = "row.Tier"
        contains = "/"
      }
    }
    replace = "{policy_all_pods}"
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

case "all_memory" {
  message = "by its quota, a namespace of tier `{tier}` has {policy_all_memory} as the sum of its memory limits, not {all_memory}"
  help    = "write `{policy_all_memory}`"
}

case "all_cpu" {
  message = "by its quota, a namespace of tier `{tier}` has {policy_all_cpu} as the sum of its CPU limits, not {all_cpu}"
  help    = "write `{policy_all_cpu}`"
}

case "all_pods" {
  message = "by its quota, a namespace of tier `{tier}` may have {policy_all_pods} pods, not {all_pods}"
  help    = "write `{policy_all_pods}`"
}
