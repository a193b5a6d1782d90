summary    = "route leads to a receiver that does not exist"
convention = "E17"
severity   = "error"
facts      = "repo"

select "row" { of = "led_to" }

require "unknown" {
  path = "receiver"
  in   = "receivers.receiver"
}

case "unknown" {
  when {
    path    = "near"
    present = true
  }
  message = "no receiver is called `{receiver}`: Alertmanager refuses the whole configuration and goes on with the old one"
  help    = "write `{near}` if that is meant, or add it to `receivers`"
}

case "unknown" {
  message = "no receiver is called `{receiver}`: Alertmanager refuses the whole configuration and goes on with the old one"
  help    = "add it to `receivers`"
}
