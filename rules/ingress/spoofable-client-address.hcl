summary    = "app believes a header about its client's address, and nothing rewrites it"
convention = "C09"
severity   = "error"
facts      = "repo"

select "module" {
  source = param.factory
}

where {
  exists {
    in    = "header_readers"
    match = { stack = "{stack}" }
  }
}

# The factory puts the rewriting in front of the walls by itself.
unless {
  path = "service_name"
  like = param.wall_services
}

let "real_ip" { text = param.real_ip }

require "spoofable" {
  path     = "extra_middlewares"
  contains = "{real_ip}"
  at       = "extra_middlewares"

  # It must come before whatever looks at the address: into a list of others people put it.
  fix {
    when {
      all {
        not {
          path    = "extra_middlewares"
          written = true
        }
        not {
          path           = "extra_middlewares"
          items_at_least = 1
        }
      }
    }
    set_expression = { "extra_middlewares" = "[\"{real_ip}\"]" }
  }
}

case "spoofable" {
  message = "an app of this stack reads its client's address from a header, and on `{name}` the client can set it to anything"
  help    = "add `traefik-real-ip@kubernetescrd` as the first of `extra_middlewares`"
}
