summary    = "cron job gives up a run that starts a few seconds late"
convention = "C61"
severity   = "warning"

select "object" { kinds = ["CronJob"] }

where {
  path    = "spec.startingDeadlineSeconds"
  present = true
}

# What runs again soon may be left out once.
let "every" {
  path = "spec.schedule"
  as   = "period"
}

where {
  path     = "every"
  at_least = 3600
}

require "short" {
  path     = "spec.startingDeadlineSeconds"
  at_least = 60
  as       = "number"

  fix {
    safety  = "display"
    replace = "600"
  }
}

case "short" {
  message = "a run of `{name}` that starts more than {value} seconds late is left out: the cluster looks only every ten seconds, and is busiest at the hours when all start"
  help    = "write `starting_deadline_seconds = 600`, or leave it out"
}
