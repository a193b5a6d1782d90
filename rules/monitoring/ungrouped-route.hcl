summary    = "route does not say how alerts are grouped, or repeats them too often"
convention = "B50"
severity   = "info"

select "file" {
  files = param.alertmanager_files
  words = ["receiver:"]
  reads = "yaml_template"
}

each "route" { path = param.alertmanager_routes }

each "key" { texts = ["group_by", "group_wait", "group_interval"] }

require "ungrouped" {
  path    = "route[\"{key}\"]"
  present = true
}

case "ungrouped" {
  message = "the route does not say `{key}`: of twenty alerts about one cause come twenty messages, or one whose time nobody has chosen"
  help    = "write `{key}`"
}
