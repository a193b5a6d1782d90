summary    = "password of a database role is rotated at another pace than all others"
convention = "D03"
severity   = "error"

select "resource" {
  types = ["vault_database_secret_backend_static_role"]
}

require "pace" {
  when {
    path    = "rotation_schedule"
    present = false
  }
  path   = "rotation_period"
  equals = param.rotation_period
}

# By the days of the calendar instead.
let "week" { text = param.rotation_period }

let "pause" {
  path = "rotation_schedule"
  as   = "period"
}

require "pace" {
  when {
    path    = "rotation_schedule"
    present = true
  }
  derive = false
  path   = "pause"
  equals = "{week}"
  at     = "rotation_schedule"
}

case "pace" {
  message = "the password of `{name}` is not rotated every week, which is what alerts and workloads expect"
  help    = "write `rotation_period = 604800`"
}
