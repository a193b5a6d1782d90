summary    = "route names a middleware that nothing declares"
convention = "C07"
severity   = "error"
facts      = "repo"

select "object" {
  kinds = ["IngressRoute", param.gateway_routes]
}

each "middleware" {
  path = ["spec.routes[*].middlewares[*]", "spec.rules[*].filters[*].extensionRef"]
}

# Of a gateway, what another controller reads.
unless {
  path    = "middleware.kind"
  present = true
  not {
    path   = "middleware.kind"
    equals = "Middleware"
  }
}

let "home" {
  path    = "metadata.namespace"
  default = "default"
}

let "namespace" {
  path    = "middleware.namespace"
  default = "{home}"
}

let "called" {
  path = "middleware.name"
}

let "ref" {
  text = "{namespace}-{called}"
}

require "dangling" {
  path = "ref"
  in   = "middlewares.ref"
  at   = "middleware"
}

case "dangling" {
  when {
    text    = "{near}"
    present = true
  }
  message = "nothing declares the middleware `{called}` in namespace `{namespace}`: Traefik drops this route, and its paths answer 404 or fall through to another one"
  help    = "did you mean `{near}` (`<namespace>-<name>`)?"
}

case "dangling" {
  message = "nothing declares the middleware `{called}` in namespace `{namespace}`: Traefik drops this route, and its paths answer 404 or fall through to another one"
  help    = "name a `Middleware` that exists, and its namespace"
}
