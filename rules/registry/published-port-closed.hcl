summary    = "port of the registry cache is published, and nothing listens on it"
convention = "D05"
severity   = "error"
facts      = "repo"

select "file" {
  files = param.cache_compose
  reads = "yaml_template"
}

each "service" { path = "services[*]" }

where {
  path    = "service.image"
  matches = "(?:^|/)nginx(?::|$)"
}

# As a text, the last number is the port in the container; in the long form it has a name.
each "published" { path = "service.ports[*]" }

unless {
  path   = "published.protocol"
  equals = "udp"
}

let "port" {
  path    = ["published.target", "published"]
  capture = "(?:^|:)(?<value>\\d+)(?:/tcp)?$"
}

# What is no port of TCP, or a range.
where {
  path    = "port"
  present = true
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
