summary  = "dashboard is put into no folder, and Grafana does not load it"
severity = "error"
facts    = "repo"

select "file" {
  files = param.dashboard_files
  reads = "text"
}

let "path" { text = "{file}" }

let "dashboard" {
  path    = "path"
  capture = "[^/]+$"
}

let "home" {
  path    = "path"
  capture = "^(?<value>.+)/[^/]+/[^/]+$"
}

# Where nobody keeps such a list, dashboards need none.
let "list" {
  in     = "dashboard_lists"
  match  = { home = "{home}" }
  column = "list"
}

where {
  path    = "list"
  present = true
}

require "missing" {
  path      = "list"
  contains  = "{dashboard}"
  at        = "path"
  underline = "subject"
}

case "missing" {
  message = "`{dashboard}` is put into no folder: Grafana refuses to make its own folder `General` again, and loads neither this dashboard nor those behind it"
  help    = "add `\"{dashboard}\" = \"…\"` to the local that puts dashboards into folders"
}
