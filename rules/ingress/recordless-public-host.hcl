summary    = "host without a record of its own is public through the wildcard"
convention = "C04"
severity   = "warning"
facts      = "repo"

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
  path   = "dns_type"
  equals = "none"
}

let "called" {
  path = "name"
}

# The second factory's hosts go by the name; the first one says which it makes, or cannot be judged.
where {
  any {
    all {
      path    = "callee.effective_host"
      matches = "."
    }
    all {
      path   = "skip_global_rate_limit"
      one_of = [true, false]
    }
  }
}

let "host" {
  path    = "callee.effective_host"
  default = param.proxied_host
}

where {
  path = "host"
  like = param.public_hosts
}

# Where records are written out, and none of them is the wildcard, nothing serves the host.
unknown {
  because = "records are made for names that cannot be read: whether one of them is the wildcard is not known"
  exists { in = "unread_records" }
  not {
    exists { in = "wildcards" }
  }
}

unless {
  exists { in = "written_records" }
  not {
    exists { in = "wildcards" }
  }
}

require "recordless" {
  exists {
    in    = "records"
    match = { host = "{host}" }
  }
  at = "dns_type"

  fix {
    when {
      path   = "allow_local_access_only"
      equals = false
    }
    safety = "display"
    set    = { dns_type = "internal", allow_local_access_only = "true", external_monitor = "false" }
  }
}

case "recordless" {
  when {
    exists { in = "unread_records" }
  }
  message = "no call gives `{host}` a record of its own: unless it is among those whose names cannot be read, the wildcard serves it to the whole internet"
  help    = "say what it is: `dns_type = \"proxied\"`, `\"internal\"` with an allowlist, or a `.lan` host"
}

case "recordless" {
  message = "no call gives `{host}` a record of its own, so the wildcard serves it to the whole internet"
  help    = "say what it is: `dns_type = \"proxied\"`, `\"internal\"` with an allowlist, or a `.lan` host"
}
