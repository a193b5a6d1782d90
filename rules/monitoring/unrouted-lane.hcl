summary    = "alert is marked for a lane that no route leads to"
convention = "E17"
severity   = "error"

select "row" { of = "alerts" }

where {
  path    = "lane"
  present = true
}

# Without a configuration in this repo nothing is known of its routes.
where {
  exists {
    in       = "receivers"
    at_least = 1
  }
}

require "unrouted" {
  any {
    exists {
      in    = "routed"
      match = { label = "lane", value = "{lane}" }
    }
    exists {
      in     = "routed"
      match  = { label = "lane" }
      covers = { pattern = "{lane}" }
    }
  }
  at = "lane"
}

case "unrouted" {
  message = "no route matches `lane = {lane}`: `{alert}` goes where every other alert goes"
  help    = "add a route with the matcher `lane = {lane}`, or correct the label"
}
