summary    = "router names a middleware that nothing declares"
convention = "C07"
severity   = "error"
facts      = "repo"

select "row" { of = "written_middlewares" }

let "name_of" { path = "ref" }

require "dangling" {
  path = "name_of"
  in   = "middlewares.ref"

  fix {
    when {
      text    = "{near}"
      present = true
    }
    replace = "{near}@kubernetescrd"
  }
}

case "dangling" {
  when {
    text    = "{near}"
    present = true
  }
  message = "nothing declares `{name_of}`: Traefik drops every router that names it, and its hosts answer 404"
  help    = "did you mean `{near}`?"
}

case "dangling" {
  message = "nothing declares `{name_of}`: Traefik drops every router that names it, and its hosts answer 404"
  help    = "name `<namespace>-<name>` of a `Middleware` or `ServersTransport` that exists"
}
