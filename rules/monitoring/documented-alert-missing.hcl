summary    = "alert that the documents promise does not exist, or is of another severity"
convention = "E17"
severity   = "error"
facts      = "repo"

select "text" {
  files   = param.alert_tables
  words   = param.alert_severities
  matches = param.alert_table_row
  zones   = ["prose"]
}

# What is planned is promised by nobody.
unless {
  exists {
    in    = "planned_rows"
    match = { file = "{file}", code = "{code}" }
  }
}

# The alert leads to its section: `#v6-…`.
require "missing" {
  exists {
    in       = "prometheus.alerts"
    contains = { runbook = "#{code}-" }
    any_case = true
  }
}

require "other" {
  when {
    exists {
      in       = "prometheus.alerts"
      contains = { runbook = "#{code}-" }
      any_case = true
    }
  }
  exists {
    in       = "prometheus.alerts"
    match    = { severity = "{severity}" }
    contains = { runbook = "#{code}-" }
    any_case = true
  }
}

case "missing" {
  message = "no alert leads to the section of `{code}`: what this table promises to notice, nobody notices"
  help    = "define the alert, with `runbook` in its annotations, or delete the row"
}

case "other" {
  message = "the alert of `{code}` is not of severity `{severity}`"
  help    = "correct the one that is wrong"
}
