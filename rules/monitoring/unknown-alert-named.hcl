summary    = "inhibition, route or filter names an alert that nobody defines"
convention = "D02"
severity   = "warning"

select "row" { of = "named_alerts" }

unless {
  path   = "alert"
  one_of = param.external_alerts
}

require "unknown" {
  path = "alert"
  in   = "alerts.alert"
}

case "unknown" {
  when {
    path    = "near"
    present = true
  }
  message = "no alert is called `{alert}`: what is written here about it never applies"
  help    = "write `{near}` if that is meant, or delete it; an alert that comes from elsewhere belongs in the param `external_alerts`"
}

case "unknown" {
  message = "no alert is called `{alert}`: what is written here about it never applies"
  help    = "delete it; an alert that comes from elsewhere belongs in the param `external_alerts`"
}
