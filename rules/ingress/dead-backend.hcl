summary  = "router sends requests to a service that is not there, or to a port that it does not have"
severity = "error"
facts    = "repo"

select "row" { of = "backends" }

unknown {
  because = "not all services of namespace `{namespace}` are written here"
  not {
    exists {
      in    = "kubernetes.closed_namespaces"
      match = { namespace = "{namespace}" }
    }
  }
  not {
    exists {
      in    = "kubernetes.services"
      match = { named = "{service}", namespace = "{namespace}" }
    }
  }
}

require "nobody" {
  when {
    exists {
      in    = "kubernetes.closed_namespaces"
      match = { namespace = "{namespace}" }
    }
  }
  exists {
    in    = "kubernetes.services"
    match = { named = "{service}", namespace = "{namespace}" }
  }
  at = "service"
}

# A name of a port is not a number, and is not looked up.
require "closed" {
  when {
    all {
      path    = "port"
      matches = "^[0-9]+$"
    }
    exists {
      in    = "kubernetes.service_ports"
      match = { named = "{service}", namespace = "{namespace}" }
    }
  }
  exists {
    in    = "kubernetes.service_ports"
    match = { named = "{service}", namespace = "{namespace}", number = "{port}" }
  }
  at = "port"
}

case "nobody" {
  severity = "warning"
  message  = "nothing in this repo makes a service `{service}` in namespace `{namespace}`: unless something else does, every request to `{name}` fails"
  help     = "write the name of a service that is there"
}

case "closed" {
  message = "service `{service}` has no port {port}: every request to `{name}` fails"
  help    = "write one of the `port`s of the service, which need not be those of its containers"
}
