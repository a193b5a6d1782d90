summary    = "document says that something runs more or less often than it does"
convention = "B47"
severity   = "warning"
facts      = "repo"

select "row" { of = "schedule_claims" }

# The sentence is about how it began, or about how it was, or about when in the day.
unless {
  path    = "new"
  present = true
}

unless {
  text    = "{after}"
  matches = "→|->|\\b(?:until|was|were|switched|instead|before)\\b|^ ?\\d\\d?:\\d\\d ?[-–]"
}

let "schedule" {
  in     = "monitoring.schedules"
  match  = { named = "{named}" }
  column = "schedule"
}

where {
  path    = "schedule"
  present = true
}

let "period" {
  in     = "monitoring.schedules"
  match  = { named = "{named}" }
  column = "period"
}

require "other" {
  path      = "period"
  as        = "period"
  at_least  = "{claimed}"
  at_most   = "{claimed}"
  related   = { schedule = "required here" }
  underline = "subject"

  fix {
    when {
      path    = "how"
      matches = "^[0-9*]"
    }
    replace = "{schedule}"
  }

  fix {
    when {
      path   = "period"
      equals = "3600"
    }
    when {
      path    = "how"
      matches = "^[A-Z]"
    }
    replace = "Hourly"
  }

  fix {
    when {
      path   = "period"
      equals = "3600"
    }
    replace = "hourly"
  }

  fix {
    when {
      path   = "period"
      equals = "86400"
    }
    when {
      path    = "how"
      matches = "^[A-Z]"
    }
    replace = "Daily"
  }

  fix {
    when {
      path   = "period"
      equals = "86400"
    }
    replace = "daily"
  }

  fix {
    when {
      path   = "period"
      equals = "604800"
    }
    when {
      path    = "how"
      matches = "^[A-Z]"
    }
    replace = "Weekly"
  }

  fix {
    when {
      path   = "period"
      equals = "604800"
    }
    replace = "weekly"
  }
}

case "other" {
  when {
    path    = "how"
    matches = "^[0-9*]"
  }
  message = "`{named}` does not run by `{how}`: its schedule is `{schedule}`"
  help    = "write the schedule that it has now"
}

case "other" {
  message = "`{named}` does not run {how}: its schedule is `{schedule}`"
  help    = "write how often it runs now"
}
