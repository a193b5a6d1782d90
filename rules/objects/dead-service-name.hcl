summary  = "code calls a service of the cluster that is not there, or a port that it does not have"
severity = "error"
facts    = "repo"

select "text" {
  files   = param.calling_files
  except  = param.made_up_files
  words   = [".svc"]
  matches = "(?:^|[^A-Za-z0-9._}>*\\-])(?<at>(?<service>[a-z0-9][a-z0-9-]*)\\.(?<namespace>[a-z0-9][a-z0-9-]*)\\.svc(?:\\.cluster\\.local)?(?<beyond>\\.[a-z0-9-]+)?(?::(?<port>[0-9]{1,5})\\b)?)"
  zones   = ["code", "string"]
}

# A name of another domain.
unless {
  path    = "beyond"
  present = true
}

unless {
  text   = "{service}.{namespace}"
  one_of = param.cluster_services
}

let "asked_port" { text = "{port}" }

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
  all {
    text = "{namespace}"
    in   = "monitoring.known_namespaces.namespace"
  }
}

require "nowhere" {
  # Those of the cluster itself are always there.
  when {
    exists { in = "whole_clusters" }
    not {
      text   = "{namespace}"
      one_of = param.monitoring.foreign_namespaces
    }
  }
  text = "{namespace}"
  in   = "monitoring.known_namespaces.namespace"
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
}

require "closed" {
  when {
    all {
      text    = "{asked_port}"
      matches = "."
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
  exists {
    in    = "kubernetes.service_ports"
    match = { named = "{service}", namespace = "{namespace}", number = "{asked_port}" }
  }
}

case "nowhere" {
  severity = "warning"
  message  = "nothing in this repo makes a namespace `{namespace}`: unless something else does, whoever calls `{service}` there gets no answer"
  help     = "write the namespace of the service, as `SERVICE.NAMESPACE.svc`"
}

case "nobody" {
  severity = "warning"
  message  = "nothing in this repo makes a service `{service}` in namespace `{namespace}`: unless something else does, whoever calls it gets no answer"
  help     = "write the name of a service that is there"
}

case "closed" {
  message = "service `{service}` has no port {asked_port}: whoever calls it there gets no answer"
  help    = "write one of the `port`s of the service, which need not be those of its containers"
}
