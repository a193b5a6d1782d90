summary    = "no probe sees whether a route past the login still is one"
convention = "B05"
severity   = "info"
facts      = "repo"

select "module" {
  source = param.factory
}

where {
  path   = "auth"
  equals = "none"
}

let "host" {
  path = "callee.effective_host"
}

let "called" {
  path = "name"
}

where {
  path = "host"
  like = param.public_hosts
}

unless {
  path     = "ingress_path"
  contains = "/"
}

let "targets" {
  in     = "probes"
  column = "targets"
}

let "first_path" { path = "ingress_path[0]" }

# Of the call itself: what another one says, or leaves open, is no matter.
require "unprobed" {
  exists {
    in    = "probed"
    match = { h = "{host}", c = "{called}", of = "{module} {address}" }
  }
  underline = "subject"

  fix {
    safety = "display"
    set    = { "targets[\"{called}\"]" = "https://{host}{first_path}" }
  }
}

case "unprobed" {
  message = "`{name}` takes a path of `{host}` past the login, and no probe notices when it is walled off again"
  help    = "add its URL to `local.authentik_walloff_targets`"
}
