summary    = "middleware stands behind the one that it must come before"
convention = "C06"
severity   = "error"

select "module" {
  source = [param.factory, param.proxy_factory]
}

# Of calls of the second factory, only those of the module that makes ingresses.
where {
  any {
    all {
      path   = "skip_default_rate_limit"
      one_of = [true, false]
    }
    all {
      path   = "skip_global_rate_limit"
      one_of = [true, false]
    }
  }
}

where {
  path    = "extra_middlewares"
  present = true
}

require "denial_page" {
  path    = "extra_middlewares"
  ordered = ["*-error-pages-403@*", "*-home-lans-only@*"]
}

require "denial_page" {
  path    = "extra_middlewares"
  ordered = ["*-error-pages-403@*", "*-local-only@*"]
}

forbid "denial_page" {
  when {
    path   = "allow_local_access_only"
    equals = true
  }
  path = "extra_middlewares[*]"
  like = ["*-error-pages-403@*"]
}

require "real_ip" {
  path    = "extra_middlewares"
  ordered = [param.real_ip, "*"]
}

case "denial_page" {
  message = "the allowlist of `{name}` comes before the page for those it turns away, so nobody sees the page"
  help    = "put `traefik-error-pages-403@kubernetescrd` before the allowlist in `extra_middlewares`"
}

case "real_ip" {
  message = "middlewares before `{value}` see an address that the client may have made up"
  help    = "put it first in `extra_middlewares`"
}
