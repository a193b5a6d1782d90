summary    = "default rate limit is off and nothing replaces it"
convention = "E06"
severity   = "warning"
facts      = "repo"

select "module" {
  source = [param.factory, param.proxy_factory]
}

each "flag" {
  path = ["skip_default_rate_limit", "skip_global_rate_limit"]
}

where {
  path   = "flag"
  equals = true
}

require "orphaned" {
  any {
    all {
      path = "extra_middlewares[*]"
      in   = "limiters.full"
    }
    all {
      path   = "allow_local_access_only"
      equals = true
    }
    all {
      path     = "extra_middlewares"
      contains = param.lan_gates
    }
    comment {
      path = "flag"
      on   = ["above", "trailing"]
    }
  }
  at = "flag"

  fix {
    safety = "display"
    above  = { "flag" = "TODO why the default limit is off" }
  }
}

case "orphaned" {
  message = "the default rate limit of `{name}` is off, and nothing replaces it: one client can ask without end"
  help    = "name a middleware with `rateLimit` in `extra_middlewares`, or write the reason behind the line"
}
