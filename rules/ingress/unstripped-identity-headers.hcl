summary    = "route past the login lets a client say who it is"
convention = "C10"
severity   = "warning"
facts      = "repo"

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

let "stripping" { text = param.strip_headers }

require "unstripped" {
  path      = "extra_middlewares"
  contains  = param.strip_headers
  underline = "subject"

  fix {
    when {
      path    = "extra_middlewares[0]"
      present = true
    }
    append = { "extra_middlewares" = "{stripping}" }
  }

  fix {
    set_expression = { "extra_middlewares" = "[\"{stripping}\"]" }
  }
}

case "unstripped" {
  message = "`{name}` goes past the login of `{host}` and lets a client send the headers by which the login says who is there"
  help    = "add `traefik-strip-auth-headers@kubernetescrd` to `extra_middlewares`"
}
