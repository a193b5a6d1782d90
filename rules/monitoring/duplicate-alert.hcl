summary  = "two alerts have one name"
severity = "warning"
facts    = "repo"

select "row" { of = "prometheus.alerts" }

# In one group, several steps of one alert stand beside each other: what grows from a warning, or is measured over longer and longer times.
forbid "taken" {
  exists {
    in      = "prometheus.alerts"
    match   = { alert = "{alert}" }
    differs = { group_name = "{group_name}" }
    earlier = true
  }
  at = "alert"
}

case "taken" {
  message = "another alert is called `{alert}` too: they are batched into one notification, silenced together, and a message does not say which of them fires"
  help    = "give one of them a name of its own, also where routes and inhibitions name it"
}
