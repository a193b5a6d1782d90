summary    = "document names an alert that nobody defines"
convention = "B46"
severity   = "warning"
facts      = "repo"

select "row" { of = "alert_mentions" }

# "There is no such alert."
unless {
  path    = "no"
  present = true
}

unless {
  text    = "{after}"
  matches = param.gone
}

unknown {
  because = "a chart brings alerts that are not written here, and `{mention}` may be one of them"
  not {
    path = "mention"
    in   = "prometheus.alerts.alert"
  }
  exists { in = "prometheus.charts_with_alerts" }
}

require "unknown" {
  path = "mention"
  in   = "prometheus.alerts.alert"
}

case "unknown" {
  message = "there is no alert `{mention}`: whoever looks for it while it burns finds nothing"
  help    = "write the name as the alert has it; an alert that is gone belongs in a sentence that says so"
}
