summary    = "password of a database role is rotated, and nothing reads it"
convention = "D03"
severity   = "info"
facts      = "repo"

select "resource" {
  types = ["vault_database_secret_backend_static_role"]
}

let "named" { path = "name" }

require "unused" {
  exists {
    in    = "role_readers"
    match = { role = "{named}" }
  }
  at = "name"
}

case "unused" {
  message = "nothing in the repo reads the password of role `{named}`: whoever still uses the account is locked out each week"
  help    = "remove the role, or read `static-creds/{named}`"
}
