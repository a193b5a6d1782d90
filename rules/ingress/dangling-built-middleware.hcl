summary    = "middleware is named by a text that is built, and nothing declares it"
convention = "C07"
severity   = "error"
facts      = "repo"

select "row" { of = "named_middlewares" }

let "middleware" { path = "middleware" }

# Without a provider a name is one of the router's own provider, which has no middlewares.
forbid "unqualified" {
  path    = "middleware"
  matches = "^[^@\\s]+$"
}

require "dangling" {
  # `ingress/dangling-middleware` reads what is written out.
  when {
    all {
      path    = "middleware"
      matches = "@kubernetescrd$"
    }
    not {
      exists {
        in    = "written_middlewares"
        match = { full = "{middleware}" }
      }
    }
  }
  path = "middleware"
  in   = "middlewares.full"
}

case "unqualified" {
  message = "`{value}` does not say whose middleware it is, and an ingress has none of its own: Traefik drops the router, and its host answers 404"
  help    = "write `<namespace>-<name>@kubernetescrd`"
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
