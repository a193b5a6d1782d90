summary  = "container declares another port than the one that its app is told to listen on"
severity = "warning"
facts    = "stack"

select "selector" { of = "kubernetes.pod" }

each "container" { path = "pod.containers[*]" }

where {
  path    = "container.ports[*].containerPort"
  present = true
}

each "source" { path = ["container.env[*]", "container.envFrom[*]"] }

# Most sources are about something else, and need not be looked up.
where {
  any {
    all {
      path   = "source.name"
      one_of = param.port_variables
    }
    all { path = "source.configMapRef" }
  }
}

each "port_variable" { texts = param.port_variables }

# A ConfigMap, as a whole or one key of it.
let "config" { path = ["source.configMapRef.name", "source.valueFrom.configMapKeyRef.name"] }

let "config_key" {
  path    = "source.valueFrom.configMapKeyRef.key"
  default = "{port_variable}"
}

let "given" {
  in     = "kubernetes.config_values"
  match  = { namespace = "{namespace}", config = "{config}", key = "{config_key}" }
  column = "value"
}

where {
  any {
    all {
      path   = "source.name"
      equals = "{port_variable}"
    }
    all {
      all {
        path = "source.configMapRef"
      }
      all {
        path    = "given"
        present = true
      }
      # What is set by itself wins, and in front of the key may stand more.
      not {
        path   = "container.env[*].name"
        equals = "{port_variable}"
      }
      not {
        path    = "source.prefix"
        matches = "."
      }
    }
  }
}

let "told" { path = ["source.value", "given"] }

where {
  path    = "told"
  matches = "^[1-9][0-9]*$"
}

require "other" {
  path    = "container.ports[*].containerPort"
  equals  = { path = "told" }
  at      = "container.ports[0].containerPort"
  derive  = false
  related = { "told" = "the app is told to listen here" }
}

case "other" {
  message = "`{port_variable}` makes the app listen on {told}, and no port of the container is that: what is declared is closed, and whoever goes by it finds nothing"
  help    = "write `container_port = {told}`, or tell the app another port"
}
