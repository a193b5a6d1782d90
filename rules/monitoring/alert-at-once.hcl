summary    = "alert fires at once, and nothing says why"
convention = "E27"
severity   = "warning"
facts      = "stack"

select "row" { of = "prometheus.alerts" }

# What counts lines of a log has seen them: the window of its query is how long it waits.
where {
  text = "{file}"
  like = ["*.tpl", "*.yaml", "*.yml"]
}

# One without `for` may get it later, in a template.
where {
  path    = "rule.for"
  present = true
}

unless {
  exists {
    in    = "explained_alerts"
    match = { alert = "{alert}", file = "{file}" }
  }
}

require "hasty" {
  path     = "rule.for"
  as       = "duration"
  at_least = "1m"

  fix {
    safety  = "display"
    replace = "1m"
  }
}

case "hasty" {
  when {
    path    = "rule.for"
    matches = "^0"
  }
  message = "`{alert}` fires at the first sample: a single odd one is enough for a notification"
  help    = "wait for a minute or more, or write a comment above `alert` that says why not"
}

case "hasty" {
  message = "`{alert}` waits for `{value}`, and a minute is the least: what passes by itself sends a notification, and takes it back"
  help    = "wait for a minute or more, or write a comment above `alert` that says why not"
}
