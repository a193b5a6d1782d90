summary    = "document lists a database user whose password nobody rotates"
convention = "D03"
severity   = "warning"
facts      = "repo"

select "row" { of = "listed_users" }

require "unknown" {
  exists {
    in       = "secrets.static_roles"
    match    = { user = "{user}", connection = "{connection}" }
    any_case = true
  }
  at = "user"

  fix { delete = "user" }
}

case "unknown" {
  message = "no static role of {connection} is for the user `{user}`: its password stays as it is"
  help    = "take it out of the list, or declare a `vault_database_secret_backend_static_role` with `username = \"{user}\"`"
}
