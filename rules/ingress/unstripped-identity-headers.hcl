summary    = "route past the login lets a client say who it is"
convention = "C10"
severity   = "warning"

select "module" {
  source = param.factory
}

where {
  path   = "auth"
  one_of = param.explained_tiers
}

let "host" {
  path = "callee.effective_host"
}

# A factory that does not say which host it makes cannot be judged.
where {
  path    = "host"
  matches = "."
}

where {
  exists {
    in    = "gated_hosts"
    match = { host = "{host}" }
  }
}

require "unstripped" {
  path      = "extra_middlewares"
  contains  = param.strip_headers
  underline = "subject"
}

case "unstripped" {
  message = "`{name}` goes past the login of `{host}` and lets a client send the headers by which the login says who is there"
  help    = "add `traefik-strip-auth-headers@kubernetescrd` to `extra_middlewares`"
}
