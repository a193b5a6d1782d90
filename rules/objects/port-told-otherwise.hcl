summary  = "container declares another port than the one that its app is told to listen on"
severity = "warning"

select "selector" { of = "kubernetes.pod" }

each "container" { path = "pod.containers[*]" }

where {
  path    = "container.ports[*].containerPort"
  present = true
}

each "variable" { path = "container.env[*]" }

where {
  path   = "variable.name"
  one_of = param.port_variables
}

let "told" { path = "variable.value" }

where {
  path    = "told"
  matches = "^[1-9][0-9]*$"
}

require "other" {
  path    = "container.ports[*].containerPort"
  equals  = { path = "told" }
  at      = "container.ports[0].containerPort"
  derive  = false
  related = { "variable.value" = "the app is told to listen here" }
}

let "port_variable" { path = "variable.name" }

case "other" {
  message = "`{port_variable}` makes the app listen on {told}, and no port of the container is that: what is declared is closed, and whoever goes by it finds nothing"
  help    = "write `container_port = {told}`, or tell the app another port"
}
