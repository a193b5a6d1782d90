summary    = "annotation of a call throws away the login that its `auth` asks for"
convention = "B02"
severity   = "warning"

select "module" {
  source = [param.factory, param.proxy_factory]
}

where {
  any {
    all {
      path   = "auth"
      one_of = ["required", "public"]
    }
    all {
      all {
        path   = "skip_global_rate_limit"
        one_of = [true, false]
      }
      all {
        path   = "protected"
        equals = true
      }
    }
  }
}

require "overridden" {
  when {
    path    = "extra_annotations[\"traefik.ingress.kubernetes.io/router.middlewares\"]"
    present = true
  }
  path    = "extra_annotations[\"traefik.ingress.kubernetes.io/router.middlewares\"]"
  matches = param.gate
}

case "overridden" {
  message = "this annotation replaces the middlewares of `{name}`, its login too: the host is open"
  help    = "add the forward-auth middleware to the list, or use `extra_middlewares`, which adds to what is there"
}
