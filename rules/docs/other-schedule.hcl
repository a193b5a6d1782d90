summary    = "document says that something runs more or less often than it does"
convention = "B47"
severity   = "warning"

select "row" { of = "schedule_claims" }

# The sentence goes on to say that it is no longer so.
unless {
  text    = "{after}"
  matches = "→|->|\\b(?:until|was|were|switched|instead|before)\\b"
}

let "schedule" {
  in     = "monitoring.schedules"
  match  = { named = "{named}" }
  column = "schedule"
}

where {
  path = "schedule"
  is_a = "period"
}

require "other" {
  path     = "schedule"
  as       = "period"
  at_least = "{claimed}"
  at_most  = "{claimed}"
  at       = "at"
  related  = { schedule = "required here" }
}

case "other" {
  message = "`{named}` does not run {how}: its schedule is `{schedule}`"
  help    = "write how often it runs now"
}
