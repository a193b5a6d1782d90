summary  = "service has its plain port under the number of HTTPS, and Traefik speaks TLS to it"
severity = "error"
facts    = "repo"

select "object" { kinds = ["Service"] }

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

let "service" { path = "metadata.name" }

each "port" { path = "spec.ports" }

where {
  path   = "port.port"
  equals = 443
}

let "port_name" { path = "port.name" }

# Only of what a router leads to.
where {
  any {
    exists {
      in    = "objects.backends"
      match = { service = "{service}", namespace = "{namespace}", port = "443" }
    }
    exists {
      in    = "objects.backends"
      match = { service = "{service}", namespace = "{namespace}", port = "{port_name}" }
    }
  }
}

# A route may say what is to be spoken.
unless {
  any {
    exists {
      in    = "objects.backends"
      match = { service = "{service}", namespace = "{namespace}", scheme = "http" }
    }
    exists {
      in    = "objects.backends"
      match = { service = "{service}", namespace = "{namespace}", scheme = "h2c" }
    }
  }
}

where {
  path    = "port_name"
  matches = param.plain_port_names
}

require "spoken_to" {
  path   = "metadata.annotations[\"traefik.ingress.kubernetes.io/service.serversscheme\"]"
  one_of = ["http", "h2c"]
  at     = "port.port"
}

case "spoken_to" {
  message = "port 443 is one of TLS to Traefik, also where it is called `{port_name}`: requests to `{service}` fail in the handshake"
  help    = "give the service another port (`port = 80` with `target_port = 443`), or the annotation `traefik.ingress.kubernetes.io/service.serversscheme = \"http\"`"
}
