summary    = "list of alerts in a document has one that nobody defines"
convention = "B46"
severity   = "warning"
facts      = "repo"

select "file" {
  files = param.alert_documents
  reads = "markdown"
}

each "statement" { path = "statements[*]" }

let "said" { path = "statement.text" }

# An item of a list below a heading about alerts, which begins with a name.
where {
  path    = "statement.sections[*]"
  matches = "(?i)\\balert (?:definitions|rules|catalog(?:ue)?)\\b|^alerts$"
}

let "named" {
  path    = "said"
  capture = "^(?:- )?\\*\\*(?<value>[A-Z][A-Za-z0-9]+)\\*\\*"
}

where {
  path    = "named"
  matches = param.alert_name
}

unless {
  text    = "{said}"
  matches = param.gone
}

unknown {
  because = "a chart brings alerts that are not written here, and `{named}` may be one of them"
  not {
    path = "named"
    in   = "prometheus.alerts.alert"
  }
  exists { in = "prometheus.charts_with_alerts" }
}

require "unknown" {
  path = "named"
  in   = "prometheus.alerts.alert"
}

case "unknown" {
  message = "there is no alert `{named}`: nobody is told of what this list promises"
  help    = "write the name as the alert has it, or take it off the list"
}
