summary  = "service has its plain port under the number of HTTPS, and Traefik speaks TLS to it"
severity = "error"
facts    = "repo"

select "object" { kinds = ["Service"] }

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

let "service" { path = "metadata.name" }

# Only of what an ingress leads to.
where {
  exists {
    in    = "backends"
    match = { service = "{service}", namespace = "{namespace}", port = "443" }
  }
}

each "port" { path = "spec.ports" }

where {
  path   = "port.port"
  equals = 443
}

let "port_name" { path = "port.name" }

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
