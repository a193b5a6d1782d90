summary    = "security alert is not marked as one, or has an unknown severity"
convention = "B48"
severity   = "warning"
facts      = "repo"

select "row" { of = "prometheus.alerts" }

where {
  path    = "group_name"
  matches = param.security_group
}

require "unmarked" {
  path   = "labels.lane"
  equals = param.security_lane
  at     = "alert"
}

require "severity" {
  path   = "labels.severity"
  one_of = param.severities
}

case "unmarked" {
  message = "`{alert}` is not marked with the lane of security alerts: it is told like any other alert, to whoever reads those"
  help    = "write the label `lane`"
}

case "severity" {
  message = "`{alert}` has no severity that a route knows"
  help    = "write `critical`, `warning` or `info`"
}
