summary    = "export of a file server takes the place of the root of all exports"
convention = "B13"
severity   = "error"

select "file" {
  files = param.export_files
  reads = "exports"
}

each "export" { path = "exports[*]" }

let "named" { path = "export.path" }

each "option" { path = "export.clients[*].options[*]" }

forbid "root" {
  path    = "option"
  matches = "^fsid=(?:0+|root)$"

  fix { delete = "option" }
}

case "root" {
  message = "`{value}` makes `{named}` the root of all exports: every mount of a directory below it finds nothing"
  help    = "take it out, or give the export another number: `fsid=1`"
}
