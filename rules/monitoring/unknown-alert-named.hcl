summary    = "inhibition, route or filter names an alert that nobody defines"
convention = "D02"
severity   = "warning"
facts      = "repo"

select "row" { of = "named_alerts" }

unless {
  path   = "alert"
  one_of = param.external_alerts
}

unknown {
  because = "a chart brings alerts that are not written here, and `{alert}` may be one of them"
  not {
    path = "alert"
    in   = "prometheus.alerts.alert"
  }
  exists { in = "prometheus.charts_with_alerts" }
}

require "unknown" {
  when {
    path    = "alert"
    present = true
  }
  path = "alert"
  in   = "prometheus.alerts.alert"
}

require "unmatched" {
  when {
    path    = "alert"
    present = false
  }
  any {
    exists {
      in         = "prometheus.alerts"
      matched_by = { alert = "{part}" }
    }
    exists {
      in         = "outside_alerts"
      matched_by = { alert = "{part}" }
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
