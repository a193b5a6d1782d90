summary    = "list of the database users whose passwords are rotated is not complete"
convention = "D03"
severity   = "info"

select "row" { of = "role_lists" }

forbid "lacks" {
  exists {
    in           = "secrets.static_roles"
    match        = { connection = "{connection}" }
    missing_from = { user = "{list}" }
    any_case     = true
  }
  at = "list"
}

case "lacks" {
  message = "the password of another user of {connection} is rotated too"
  help    = "add the users of all static roles of that connection, or say that the list is not complete"
}
