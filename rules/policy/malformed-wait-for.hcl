summary    = "annotation that asks for waiting init containers does not name hosts and ports"
convention = "D19"
severity   = "warning"
facts      = "repo"

select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet", "Job", "ReplicaSet", "CronJob"] }

each "key" { texts = [param.wait_for] }

let "list" {
  path = ["spec.template.metadata.annotations[\"{key}\"]", "spec.jobTemplate.spec.template.metadata.annotations[\"{key}\"]"]
}

each "awaited" {
  path  = "list"
  split = ","
}

let "namespace" {
  path    = "awaited"
  capture = "^[a-z0-9-]+\\.(?<value>[a-z0-9-]+)(\\.svc(\\.cluster\\.local)?)?:[0-9]+$"
}

let "service" {
  path    = "awaited"
  capture = "^(?<value>[a-z0-9-]+)\\.[a-z0-9-]+(\\.svc(\\.cluster\\.local)?)?:[0-9]+$"
  default = ""
}

let "port" {
  path    = "awaited"
  capture = ":(?<value>[0-9]+)$"
  default = ""
}

# What is left of an address without its scheme.
let "plain" {
  path    = "awaited"
  capture = "^[a-z][a-z0-9+]*://(?<value>[a-z0-9]([a-z0-9.-]*[a-z0-9])?:[0-9]{1,5})/?$"
}

unknown {
  because = "not all services of namespace `{namespace}` are written here"
  all {
    path    = "namespace"
    present = true
  }
  all {
    path = "namespace"
    in   = "declared_namespaces.named"
  }
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

require "malformed" {
  path    = "awaited"
  matches = "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?:[0-9]{1,5}$"

  fix { replace = "{plain}" }
}

# A part is the name of an init container as it stands, and no name has a space in it or nothing behind its hyphen.
forbid "untidy" {
  path    = "list"
  matches = "\\s|,,|^,|,$"
}

require "nowhere" {
  derive = false
  when {
    path    = "namespace"
    present = true
  }
  path = "namespace"
  in   = "declared_namespaces.named"
  at   = "awaited"
}

require "nobody" {
  derive = false
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
  at = "awaited"
}

require "closed" {
  derive = false
  when {
    exists {
      in    = "kubernetes.service_ports"
      match = { named = "{service}", namespace = "{namespace}" }
    }
  }
  exists {
    in    = "kubernetes.service_ports"
    match = { named = "{service}", namespace = "{namespace}", number = "{port}" }
  }
  at = "awaited"
}

case "malformed" {
  message = "`{value}` in `{key}` is no `host:port`: the init container that Kyverno makes of it waits for ever"
  help    = "write `service.namespace:port`, several with commas and without a scheme"
}

case "untidy" {
  message = "a space or an empty part in `{key}` goes into the name of the init container that Kyverno makes of it: the cluster refuses the pod"
  help    = "write the parts with one comma between them and nothing else"
}

case "nowhere" {
  message = "`{key}` waits for a service in namespace `{namespace}`, which the repo does not declare: the pod does not start"
  help    = "correct the name: the nearest is `{near}`"
}

case "nobody" {
  message = "nothing in this repo makes a service `{service}` in namespace `{namespace}`: unless something else does, what waits for it does not start"
  help    = "write the name of a service that is there"
}

case "closed" {
  message = "service `{service}` has no port {port}: what waits for it does not start"
  help    = "write one of the `port`s of the service, which need not be those of its containers"
}
