summary    = "document names an alert that nobody defines"
convention = "B46"
severity   = "warning"

select "selector" { of = "statement" }

each "mention" { path = "statement.code[*]" }

where {
  path    = "mention"
  matches = param.alert_name
}

# The sentence says that it is an alert.
where {
  text    = "{said}"
  matches = "(?i:\\balert(?:s|name)?\\b|\\balarm\\b)[^`.]{0,24}`{mention}`|`{mention}`(?: ?\\([^)]*\\))?[^`.]{0,24}(?i:\\b(?:alerts?|rule)\\b)"
}

unless {
  text    = "{said}"
  matches = param.gone
}

require "unknown" {
  path = "mention"
  in   = "monitoring.alerts.alert"
}

case "unknown" {
  message = "there is no alert `{value}`: whoever looks for it while it burns finds nothing"
  help    = "write the name as the alert has it; an alert that is gone belongs in a sentence that says so"
}
