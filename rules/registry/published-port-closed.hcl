summary    = "port of the registry cache is published, and nothing listens on it"
convention = "D05"
severity   = "error"

select "file" {
  files = param.cache_compose
  reads = "yaml_template"
}

each "service" { path = "services[*]" }

where {
  path    = "service.image"
  matches = "(?:^|/)nginx(?::|$)"
}

each "published" { path = "service.ports[*]" }

let "port" {
  path    = "published"
  capture = "(?:^|:)(?<value>\\d+)(?:/tcp)?$"
}

require "closed" {
  derive = false
  path   = "port"
  in     = "cache_ports.port"
  at     = "published"
}

case "closed" {
  message = "port {port} is published, and the proxy does not listen on it: every connection is refused"
  help    = "write a `server` with `listen {port};`, or take the port out"
}
