summary    = "router names a middleware that nothing declares"
convention = "C07"
severity   = "error"
facts      = "repo"

select "text" {
  files   = param.middleware_files
  words   = ["@kubernetescrd"]
  matches = param.middleware_name
}

# A text for people.
unless {
  text   = "{key}"
  one_of = ["description", "error_message"]
}

let "name_of" {
  text = "{ref}"
}

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
  message = "nothing declares `{ref}`: Traefik drops every router that names it, and its hosts answer 404"
  help    = "did you mean `{near}`?"
}

case "dangling" {
  message = "nothing declares `{ref}`: Traefik drops every router that names it, and its hosts answer 404"
  help    = "name `<namespace>-<name>` of a `Middleware` or `ServersTransport` that exists"
}
