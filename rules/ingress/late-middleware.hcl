summary    = "ingress can be made before the middleware that it names"
convention = "C07"
severity   = "info"
facts      = "repo"

select "module" {
  source = [param.factory, param.proxy_factory]
}

each "middleware" {
  path = "extra_middlewares[*]"
}

let "full" {
  path = "middleware"
}

where {
  exists {
    in    = "middlewares"
    match = { full = "{full}", stack = "{stack}" }
  }
}

let "address" {
  in     = "middlewares"
  match  = { full = "{full}", stack = "{stack}", module = "{module}" }
  column = "address"
}

# Without the key of an instance: all of them are waited for.
let "maker" {
  path    = "address"
  capture = "(?:^|\\.)(?<value>(?:kubernetes|kubectl)_manifest\\.[\\w-]+)(?:\\[|$)"
}

require "late" {
  any {
    all {
      path      = "depends_on"
      refers_to = ["kubernetes_manifest.*", "kubectl_manifest.*", "module.*"]
    }
    all {
      path      = "extra_middlewares"
      refers_to = ["kubernetes_manifest.*", "kubectl_manifest.*"]
    }
  }
  at = "middleware"

  fix {
    when {
      path    = "depends_on"
      present = false
    }
    set_expression = { "depends_on" = "[{maker}]" }
  }
}

case "late" {
  message = "nothing makes Terraform create `{full}` before this ingress: until it has, Traefik drops the router"
  help    = "add the manifest of the middleware to `depends_on`"
}
