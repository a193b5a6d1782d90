summary    = "database connection does not allow a role that is declared for it"
convention = "D03"
severity   = "error"
facts      = "repo"

select "resource" {
  types = ["vault_database_secret_backend_static_role"]
}

let "named" { path = "name" }

let "connection" { path = "db_name" }

unknown {
  because = "the repo does not declare the connection `{connection}`, which may allow anything"
  not {
    exists {
      in    = "allowed_roles"
      match = { connection = "{connection}" }
    }
  }
}

let "list" {
  in     = "allowed_roles"
  match  = { connection = "{connection}" }
  column = "list"
}

require "refused" {
  exists {
    in     = "allowed_roles"
    match  = { connection = "{connection}" }
    covers = { role = "{named}" }
  }
  at = "name"

  fix {
    append = { "list" = "{named}" }
  }
}

case "refused" {
  message = "connection `{connection}` does not allow role `{named}`: Vault refuses to make it, and nothing gets its password"
  help    = "add it to the connection's `allowed_roles`"
}
