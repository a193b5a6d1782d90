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

require "stale" {
  exists {
    in     = "carve_outs"
    covers = { covers = "{url}" }
  }
}

case "stale" {
  message = "no ingress takes `{url}` past the login, so the probe only tells whether the login answers"
  help    = "drop the target, or correct its URL"
}
