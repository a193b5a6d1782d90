summary    = "host that the internet cannot reach gets a monitor from outside"
convention = "B04"
severity   = "warning"

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
  equals = "internal"
}

# What the factory writes on `true` comes after what the call adds.
unless {
  all {
    path   = "extra_annotations[\"${param.monitor_annotation}\"]"
    equals = "false"
  }
  not {
    path   = "external_monitor"
    equals = true
  }
}

require "monitored" {
  path   = "external_monitor"
  equals = false
  at     = "dns_type"
}

case "monitored" {
  message = "nobody outside can reach `{name}`, and the monitor it gets is red from the start"
  help    = "write `external_monitor = false`"
}
