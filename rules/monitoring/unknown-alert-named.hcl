summary    = "inhibition, route or filter names an alert that nobody defines"
convention = "D02"
severity   = "warning"

select "row" { of = "named_alerts" }

unless {
  path   = "alert"
  one_of = param.external_alerts
}

require "unknown" {
  when {
    path    = "alert"
    present = true
  }
  path = "alert"
  in   = "alerts.alert"
}

# Of a pattern, what all that it matches begins with, and what stands in it.
require "unmatched" {
  when {
    path    = "beginning"
    present = true
  }
  any {
    exists {
      in          = "alerts"
      starts_with = { alert = "{beginning}" }
      contains    = { alert = "{piece}" }
    }
    exists {
      in          = "outside_alerts"
      starts_with = { alert = "{beginning}" }
      contains    = { alert = "{piece}" }
    }
  }
  at = "part"
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

case "unmatched" {
  message = "no alert is called like `{part}`: what is written here about it never applies"
  help    = "write what the names of the alerts begin with, or delete it; alerts that come from elsewhere belong in the param `external_alerts`"
}
