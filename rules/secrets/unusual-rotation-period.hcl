summary    = "password of a database role is rotated at another pace than all others"
convention = "D03"
severity   = "error"

select "resource" {
  types = ["vault_database_secret_backend_static_role"]
}

require "pace" {
  path   = "rotation_period"
  equals = param.rotation_period
}

case "pace" {
  message = "the password of `{name}` is not rotated every week, which is what alerts and workloads expect"
  help    = "write `rotation_period = 604800`"
}
