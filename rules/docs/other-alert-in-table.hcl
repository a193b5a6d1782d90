summary    = "table says another wait or severity of an alert than the alert"
convention = "B46"
severity   = "warning"
facts      = "repo"

select "file" {
  files  = param.documents
  except = param.history
  words  = ["| Alert |"]
  reads  = "markdown"
}

each "row" { path = "tables[*].rows[*]" }

let "named" {
  path    = "row.Alert"
  capture = "^(?<value>[A-Z]\\w+)$"
}

where {
  exists {
    in    = "prometheus.alerts"
    match = { alert = "{named}" }
  }
}

let "waits" {
  in     = "prometheus.alerts"
  match  = { alert = "{named}" }
  column = "waits"
}

let "graded" {
  in     = "prometheus.alerts"
  match  = { alert = "{named}" }
  column = "severity"
}

# In a column of its own, or in words: "no answer for 5m".
let "column" {
  path    = "row.For"
  capture = "^\\d+[smhd]$"
}

let "words" {
  path    = ["row.Threshold", "row.Condition", "row.Trigger"]
  capture = "\\bfor:? ?(?<value>\\d+[smhd])\\b"
}

let "told" { path = ["column", "words"] }

require "wait" {
  when {
    path    = "told"
    present = true
  }
  path     = "told"
  as       = "duration"
  at_least = "{waits}"
  at_most  = "{waits}"
}

require "severity" {
  when {
    path   = "row.Severity"
    one_of = ["critical", "warning", "info"]
  }
  when {
    text    = "{graded}"
    matches = "."
  }
  path   = "row.Severity"
  equals = "{graded}"
}

case "wait" {
  message = "`{named}` waits for {waits}, and not for {value}"
  help    = "write how long it waits"
}

case "severity" {
  message = "`{named}` is of severity `{graded}`, and not `{value}`: it reaches others than the table promises"
  help    = "write `{graded}`"
}
