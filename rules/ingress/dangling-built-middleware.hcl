summary    = "call names a middleware that nothing declares, by a text that is built"
convention = "C07"
severity   = "error"
facts      = "repo"

select "module" {
  source = [param.factory, param.proxy_factory]
}

each "middleware" {
  path = "extra_middlewares[*]"
}

where {
  path    = "middleware"
  matches = "@kubernetescrd$"
}

# `ingress/dangling-middleware` reads those.
unless {
  path    = "middleware"
  literal = true
}

require "dangling" {
  path = "middleware"
  in   = "middlewares.full"
}

case "dangling" {
  when {
    text    = "{near}"
    present = true
  }
  message = "nothing declares `{value}`: Traefik drops the router of `{name}`, and its host answers 404"
  help    = "did you mean `{near}`?"
}

case "dangling" {
  message = "nothing declares `{value}`: Traefik drops the router of `{name}`, and its host answers 404"
  help    = "name `<namespace>-<name>@kubernetescrd` of a `Middleware` that exists"
}
