summary  = "job says in a metric whether it went well, and no alert reads it"
severity = "info"
facts    = "repo"
added    = "warning"

select "row" { of = "pushed_outcomes" }

# Once, where several say so.
unless {
  exists {
    in      = "pushed_outcomes"
    match   = { outcome = "{outcome}" }
    other   = true
    earlier = true
  }
}

# That, or what else it says beside it.
require "unread" {
  exists {
    in          = "asked_about"
    starts_with = { job = "{about}_" }
  }
  underline = "value"
}

case "unread" {
  message = "no alert asks for `{outcome}` or any other `{about}_…`: a run that fails and does not end as a failed job says so to nobody"
  help    = "write an alert beside the others: `expr: {outcome} == 0`, with a `for` of some runs"
}
