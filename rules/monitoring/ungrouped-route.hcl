summary    = "route does not say how alerts are grouped, or repeats them too often"
convention = "B50"
severity   = "info"

select "file" {
  files = param.alertmanager_files
  words = ["receiver:"]
  reads = "yaml_template"
}

each "route" { path = param.alertmanager_routes }

# Each with what is usual.
each "key" { texts = { group_by = "[alertname]", group_wait = "30s", group_interval = "5m" } }

require "ungrouped" {
  path    = "route[\"{key}\"]"
  present = true

  fix {
    safety  = "display"
    beneath = { "route.receiver" = "{key}: {key_value}" }
  }
}

case "ungrouped" {
  message = "the route does not say `{key}`: of twenty alerts about one cause come twenty messages, or one whose time nobody has chosen"
  help    = "write `{key}`"
}
