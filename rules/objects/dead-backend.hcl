summary  = "router sends requests to a service that is not there, or to a port that it does not have"
severity = "error"
facts    = "repo"

select "row" { of = "backends" }

# Who does not make the whole cluster knows of others that they may make more.
unknown {
  because = "not all services of namespace `{namespace}` are written here"
  exists { in = "whole_clusters" }
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
  # Where somebody else may make some, whoever makes the namespace and its services is asked.
  when {
    any {
      all {
        exists { in = "whole_clusters" }
        exists {
          in    = "kubernetes.closed_namespaces"
          match = { namespace = "{namespace}" }
        }
      }
      exists {
        in    = "kubernetes.closed_namespaces"
        match = { namespace = "{namespace}", stack = "{stack}" }
      }
    }
  }
  exists {
    in    = "kubernetes.services"
    match = { named = "{service}", namespace = "{namespace}" }
  }
  at = "service"
}

require "closed" {
  when {
    all {
      path    = "port"
      matches = "^[0-9]+$|[A-Za-z]"
    }
    exists {
      in    = "kubernetes.service_ports"
      match = { named = "{service}", namespace = "{namespace}" }
    }
    # Of another stack it is the same cluster, too.
    any {
      exists { in = "whole_clusters" }
      exists {
        in    = "kubernetes.service_ports"
        match = { named = "{service}", namespace = "{namespace}", stack = "{stack}" }
      }
      exists {
        in    = "single_namespaces"
        match = { namespace = "{namespace}" }
      }
    }
  }
  any {
    exists {
      in    = "kubernetes.service_ports"
      match = { named = "{service}", namespace = "{namespace}", number = "{port}" }
    }
    exists {
      in    = "kubernetes.service_ports"
      match = { named = "{service}", namespace = "{namespace}", called = "{port}" }
    }
  }
  at = "port"
}

case "nobody" {
  severity = "warning"
  message  = "nothing in this repo makes a service `{service}` in namespace `{namespace}`: unless something else does, every request to `{name}` fails"
  help     = "write the name of a service that is there"
}

case "closed" {
  when {
    path    = "port"
    matches = "[A-Za-z]"
  }
  message = "no port of service `{service}` is called `{port}`: every request to `{name}` fails"
  help    = "write the `name` of a port of the service, which need not be that of its containers, or its number"
}

case "closed" {
  message = "service `{service}` has no port {port}: every request to `{name}` fails"
  help    = "write one of the `port`s of the service, which need not be those of its containers"
}
