summary    = "export of a file server lacks an option that its clients need"
convention = "B13"
severity   = "error"

select "file" {
  files = param.export_files
  reads = "exports"
}

each "export" { path = "exports[*]" }

let "named" { path = "export.path" }

each "client" { path = "export.clients[*]" }

each "needed" { texts = param.export_options }

require "missing" {
  path   = "client.options[*]"
  equals = "{needed}"
  at     = "client"

  fix { after = { "client.options[0]" = ",{needed}" } }
}

case "missing" {
  message = "`{named}` is exported without `{needed}`: {needed_value}"
  help    = "add `{needed}` to the options"
}
