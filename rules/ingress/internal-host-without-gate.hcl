summary    = "internal host has no allowlist, or a proxied one relies on it"
convention = "C05"
severity   = "error"
reads      = ["**/traefik/**/*.{tf,tf.json}"]

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

let "gate" { text = param.lan_gate }

let "host" {
  path    = "callee.effective_host"
  default = ""
}

require "ungated" {
  when {
    path   = "dns_type"
    equals = "internal"
  }
  any {
    all {
      path     = "extra_middlewares"
      contains = param.lan_gates
    }
    all {
      path   = "allow_local_access_only"
      equals = true
    }
    # One that is made of others.
    exists {
      in    = "lan_chains"
      match = { full = { path = "extra_middlewares[*]" } }
    }
  }
  at = "dns_type"

  # Behind all others: a page for those who are sent away comes before it.
  fix {
    when {
      path    = "extra_middlewares"
      written = true
    }
    append = { "extra_middlewares" = "{gate}" }
  }

  # What the callee has by itself would be lost.
  fix {
    when {
      path          = "extra_middlewares"
      items_at_most = 0
    }
    set_expression = { "extra_middlewares" = "[\"{gate}\"]" }
  }
}

forbid "bypassed" {
  when {
    path   = "dns_type"
    equals = "proxied"
  }
  any {
    all {
      path     = "extra_middlewares"
      contains = param.lan_gates
    }
    all {
      path   = "allow_local_access_only"
      equals = true
    }
  }
}

# Another call of the stack makes the host a proxied one.
forbid "shared" {
  when {
    all {
      path   = "dns_type"
      equals = "none"
    }
    exists {
      in    = "proxied_hosts"
      match = { host = "{host}", stack = "{stack}" }
    }
  }
  any {
    all {
      path     = "extra_middlewares"
      contains = param.lan_gates
    }
    all {
      path   = "allow_local_access_only"
      equals = true
    }
  }
}

case "ungated" {
  message = "`dns_type = \"internal\"` hides the address of `{name}` and gates nothing: whoever sends the right host name gets in"
  help    = "add `traefik-home-lans-only@kubernetescrd` to `extra_middlewares`, or set `allow_local_access_only = true`"
}

case "bypassed" {
  message = "`{name}` is proxied, so every visitor comes from a pod's address and passes this allowlist"
  help    = "set `dns_type = \"internal\"`, or drop the allowlist and gate the host otherwise"
}

case "shared" {
  message = "`{host}` is proxied by another call, so every visitor of `{name}` comes from a pod's address and passes this allowlist"
  help    = "give this call a host of its own with `dns_type = \"internal\"`, or gate it otherwise"
}
