summary    = "ingress behind a wall of proof-of-work is not wired the way the wall needs"
convention = "B03"
severity   = "error"

select "module" {
  source = param.factory
}

where {
  path = "service_name"
  like = param.wall_services
}

require "port" {
  any {
    all {
      path      = "port"
      refers_to = ["module.*.service_port"]
    }
    # What it comes to elsewhere is not followed.
    all {
      path    = "port"
      literal = false
    }
  }
  at = "port"
}

require "doubled" {
  path   = "anti_ai_scraping"
  equals = false
}

# A factory without this input has its login, if any, elsewhere.
require "login" {
  when {
    path    = "auth"
    matches = "."
  }
  path   = "auth"
  equals = "none"

  # Whether the wall or the login is to go, only its author knows.
  fix {
    safety = "display"
    set    = { auth = "none" }
  }
}

forbid "machine_path" {
  path    = "ingress_path[*]"
  matches = param.machine_paths
}

forbid "machine_host" {
  path      = "callee.effective_host"
  matches   = param.machine_hosts
  underline = "subject"
}

case "port" {
  message = "`{name}` sends visitors to the wall's service, and not to the port it listens on"
  help    = "write `port = module.<wall>.service_port`"
}

case "doubled" {
  message = "the wall of `{name}` and the protection against scrapers are both on: whoever passed one is turned away by the other"
  help    = "write `anti_ai_scraping = false`"
}

case "login" {
  message = "`{name}` has a wall and a login, and a visitor meets both"
  help    = "write `auth = \"none\"` with a comment above it, or drop the wall"
}

case "machine_host" {
  message = "programs ask for `{value}`, and cannot solve what the wall of `{name}` wants from them"
  help    = "put the wall before a host for people only"
}

case "machine_path" {
  message = "programs ask for `{value}`, and cannot solve what the wall of `{name}` wants from them"
  help    = "send this path past the wall, with an ingress of its own"
}
