summary    = "two ingresses claim the same host and path"
convention = "D14"
severity   = "error"
facts      = "repo"

select "row" {
  of = "routes"
}

let "host" {
  path = "host"
}

# A factory that does not say which host it makes cannot be judged.
where {
  path    = "host"
  matches = "."
}

let "path" {
  path = "path"
}

forbid "taken" {
  exists {
    in      = "routes"
    match   = { host = "{host}", path = "{path}" }
    earlier = true
  }
}

# All of them are made by this one block.
case "taken" {
  when {
    not {
      any {
        exists {
          in      = "routes"
          match   = { host = "{host}", path = "{path}" }
          differs = { module = "{module}" }
        }
        exists {
          in      = "routes"
          match   = { host = "{host}", path = "{path}", module = "{module}" }
          differs = { address = "{address}" }
        }
      }
    }
  }
  message = "`{host}{path}` is made more than once here, as by each call of this module, and which of the ingresses answers is left to chance"
  help    = "make the host or the path depend on an input of the module"
}

case "taken" {
  message = "`{host}{path}` is served by another ingress too, and which of the two answers is left to chance"
  help    = "give one of them another host or path"
}
