summary    = "wider rate limit of an app's own stands behind the default one"
convention = "E06"
severity   = "warning"
facts      = "repo"

select "module" {
  source = [param.factory, param.proxy_factory]
}

where {
  path   = ["skip_default_rate_limit", "skip_global_rate_limit"]
  equals = false
}

each "limit" {
  path = "extra_middlewares[*]"
}

let "full" {
  path = "limit"
}

let "own" {
  in     = "limiters"
  match  = { full = "{full}" }
  column = "average"
}

let "usual" {
  in     = "limiters"
  match  = { full = param.default_limit }
  column = "average"
}

forbid "shadowed" {
  path  = "own"
  above = "{usual}"
  as    = "number"
  at    = "limit"

  fix {
    when {
      path   = "skip_default_rate_limit"
      equals = false
    }
    set = { "skip_default_rate_limit" = "true" }
  }

  fix {
    set = { "skip_global_rate_limit" = "true" }
  }
}

case "shadowed" {
  message = "`{full}` allows {own} requests a second, and the default limit in front of it only {usual}: the wider one never counts"
  help    = "set `skip_default_rate_limit = true` (in the other factory `skip_global_rate_limit = true`), or drop the limit"
}
