summary   = "image names a port of its registry, and the nodes are told how to reach the registry without one"
severity  = "error"
facts     = "repo"
yields_to = ["image/decommissioned-registry", "image/frozen-registry"]

select "row" { of = "ports_in_images" }

let "host" {
  path    = "registry"
  capture = "^[^:]+"
}

where {
  exists {
    in    = "mirrors"
    match = { mirrored = "{host}" }
  }
}

require "passed" {
  at = "image"
  exists {
    in    = "mirrors"
    match = { mirrored = "{registry}" }
  }
}

case "passed" {
  message = "the nodes are told where to pull `{host}` from, and `{registry}` is another registry to them: they go straight to that port"
  help    = "write `{host}/…`, without the port, or configure the nodes for `{registry}`"
}
