summary    = "app without a login of its own is open"
convention = "E03"
severity   = "error"

select "module" {
  source = param.factory
}

let "service" {
  path    = "service_name"
  default = "{name}"
}

let "called" {
  path = "name"
}

let "label" {
  path    = "callee.effective_host"
  capture = "^[^.]+"
}

where {
  any {
    all {
      path   = "service"
      one_of = param.no_login_apps
    }
    all {
      path   = "called"
      one_of = param.no_login_apps
    }
    all {
      path   = "label"
      one_of = param.no_login_apps
    }
  }
}

# A proxy stands in front of it that asks for the login.
unless {
  certain {
    path = "service"
    like = param.login_proxies
  }
}

where {
  path     = "ingress_path"
  contains = "/"
}

require "open" {
  path    = "auth"
  equals  = "required"
  default = "required"
}

case "open" {
  when {
    any {
      all {
        path   = "allow_local_access_only"
        equals = true
      }
      all {
        path     = "extra_middlewares"
        contains = param.lan_gates
      }
    }
  }
  severity = "warning"
  message  = "`{called}` has no login of its own, and everybody at home can use it"
  help     = "drop `auth`: the default asks for a login"
}

case "open" {
  message = "`{called}` has no login of its own: without `auth = \"required\"` the whole internet can use it"
  help    = "drop `auth`: the default asks for a login"
}
