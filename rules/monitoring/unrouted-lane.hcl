summary    = "alert is marked for a lane that no route leads to"
convention = "E17"
severity   = "error"
facts      = "repo"

select "row" { of = "prometheus.alerts" }

where {
  path    = "lane"
  present = true
}

# Without a configuration in this repo nothing is known of its routes.
where {
  exists {
    in       = "prometheus.receivers"
    at_least = 1
  }
}

require "unrouted" {
  when {
    exists { in = "lanes" }
  }
  any {
    all {
      path = "lane"
      in   = "lanes.lane"
    }
    exists {
      in     = "prometheus.routed"
      match  = { label = "lane" }
      covers = { pattern = "{lane}" }
    }
  }
  at = "lane"
}

# No lane has a name that could be meant.
require "unrouted" {
  when {
    not {
      exists { in = "lanes" }
    }
  }
  exists {
    in     = "prometheus.routed"
    match  = { label = "lane" }
    covers = { pattern = "{lane}" }
  }
  at = "lane"
}

case "unrouted" {
  message = "no route matches `lane = {lane}`: `{alert}` goes where every other alert goes"
  help    = "add a route with the matcher `lane = {lane}`, or correct the label"
}
