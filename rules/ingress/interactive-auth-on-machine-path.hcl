summary    = "login that only a browser can pass stands in front of a path for programs"
convention = "E04"
severity   = "error"

select "module" {
  source = param.factory
}

each "path" {
  path = "ingress_path[*]"
}

where {
  path    = "path"
  matches = param.machine_paths
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
  message = "programs ask for `{path}`, and cannot follow the redirect that `auth = \"public\"` answers with"
  help    = "write `auth = \"none\"` or `\"app\"`, and above it what gates the path"
}

case "login" {
  severity = "info"
  message  = "only a browser that is logged in can ask for `{path}`: scripts cannot follow the redirect"
  help     = "if programs use it, write `auth = \"none\"` or `\"app\"`, and above it what gates the path"
}
