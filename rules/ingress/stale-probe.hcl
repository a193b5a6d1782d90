summary    = "probe asks for a path that nothing takes past the login"
convention = "B05"
severity   = "info"
facts      = "repo"

select "row" {
  of = "probes"
}

let "url" {
  path = "url"
}

# By host and by path: what is known of either rules out a route of which the other is not known.
let "url_host" {
  path    = "url"
  capture = "^https://(?<value>[^/]+)"
  default = "none"
}

let "url_path" {
  path    = "url"
  capture = "^https://[^/]+(?<value>/.*)$"
  default = "none"
}

require "stale" {
  exists {
    in     = "carve_outs"
    match  = { host = "{url_host}" }
    covers = { covers = "{url_path}" }
  }
}

case "stale" {
  message = "no ingress takes `{url}` past the login, so the probe only tells whether the login answers"
  help    = "drop the target, or correct its URL"
}
