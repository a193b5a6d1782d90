summary    = "login that only a browser can pass stands in front of a path for programs"
convention = "E04"
severity   = "error"

select "module" {
  source = param.factory
}

each "path" {
  path = "ingress_path[*]"
}

let "host" {
  path = "callee.effective_host"
}

where {
  any {
    all {
      path    = "path"
      matches = param.machine_paths
    }
    all {
      path    = "host"
      matches = param.machine_hosts
    }
  }
}

forbid "guest" {
  path   = "auth"
  equals = "public"
}

forbid "login" {
  path   = "auth"
  equals = "required"
}

case "guest" {
  message = "programs ask for `{path}` of this host, and cannot follow the redirect that `auth = \"public\"` answers with"
  help    = "write `auth = \"none\"` or `\"app\"`, and above it what gates the path"
}

case "login" {
  severity = "info"
  message  = "only a browser that is logged in can ask for `{path}` of this host: scripts cannot follow the redirect"
  help     = "if programs use it, write `auth = \"none\"` or `\"app\"`, and above it what gates the path"
}
