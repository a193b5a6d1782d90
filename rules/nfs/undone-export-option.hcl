summary    = "option of an export is undone by one behind it"
convention = "B13"
severity   = "error"

select "file" {
  files = param.export_files
  reads = "exports"
}

each "export" { path = "exports[*]" }

let "named" { path = "export.path" }

each "client" { path = "export.clients[*]" }

each "undoing" { texts = param.export_opposites }

where {
  path   = "client.options[*]"
  equals = "{undoing_value}"
}

require "undone" {
  path    = "client.options"
  ordered = ["{undoing}", "{undoing_value}"]
  at      = "client"
}

case "undone" {
  message = "`{named}` is exported with `{undoing_value}` and then with `{undoing}`, and the last of the two holds"
  help    = "take `{undoing}` out"
}
