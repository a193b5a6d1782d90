summary    = "route tells the same alert again too soon"
convention = "B50"
severity   = "info"

select "file" {
  files = param.alertmanager_files
  words = ["repeat_interval"]
  reads = "yaml_template"
}

each "top" { path = param.alertmanager_routes }

each "route" { path = ["top", "top.routes[*]"] }

let "interval" { path = "route.repeat_interval" }

where {
  path    = "interval"
  present = true
}

let "matcher" {
  path  = "route.matchers[*]"
  reads = "matchers"
}

let "quiet" { text = param.quiet_repeat }

let "loud" { text = param.critical_repeat }

require "often" {
  when {
    any {
      all {
        path    = ["matcher", "route.match", "route.match_re"]
        present = false
      }
      all {
        path   = ["matcher[*].words[*]", "route.match.severity"]
        one_of = ["warning", "info"]
      }
    }
  }
  path     = "interval"
  at_least = param.quiet_repeat
  as       = "duration"

  fix { replace = "{quiet}" }
}

require "critical" {
  when {
    path   = ["matcher[*].words[*]", "route.match.severity"]
    equals = "critical"
  }
  path     = "interval"
  at_least = param.critical_repeat
  as       = "duration"

  fix { replace = "{loud}" }
}

case "often" {
  message = "an alert is told again every {interval} while it lasts: what is told so often is not read"
  help    = "write the interval of the param `quiet_repeat`: a digest tells what goes on"
}

case "critical" {
  message = "a critical alert is told again every {interval} while it lasts: what is told so often is not read"
  help    = "write the interval of the param `critical_repeat`"
}
