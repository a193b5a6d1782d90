summary    = "public host is not monitored from outside, and nothing says why"
convention = "B52"
severity   = "info"
added      = "warning"

select "module" { source = [param.ingress.factory] }

where {
  path   = "external_monitor"
  equals = false
}

# A path of a host that another call serves.
unless {
  path    = "ingress_path"
  present = true
  written = true
}

unless {
  path   = "dns_type"
  one_of = ["internal", "none"]
}

require "unexplained" {
  comment {
    path    = "external_monitor"
    matches = "\\S"
  }

  fix {
    safety = "display"
    above  = { external_monitor = "TODO who notices when it is down" }
  }
}

case "unexplained" {
  message = "nobody looks at `{name}` from outside, and nothing says why: that it is gone shows when somebody calls"
  help    = "delete `external_monitor = false`, or write above it who notices"
}
