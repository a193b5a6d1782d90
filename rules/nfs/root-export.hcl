summary    = "export of a file server takes the place of the root of all exports"
convention = "B13"
severity   = "error"

select "file" {
  files = param.export_files
  reads = "exports"
}

each "export" { path = "exports[*]" }

let "named" { path = "export.path" }

forbid "root" {
  path    = "export.clients[*].options[*]"
  matches = "^fsid=(?:0|root)$"
}

case "root" {
  message = "`{value}` makes `{named}` the root of all exports: every mount of a directory below it finds nothing"
  help    = "take it out, or give the export another number: `fsid=1`"
}
