summary    = "registry keeps what it has fetched for a time, whatever upstream says"
convention = "B19"
severity   = "error"

select "file" {
  files = param.cache_settings
  reads = "yaml_template"
}

where {
  path    = "proxy.remoteurl"
  present = true
}

require "kept" {
  path    = "proxy.ttl"
  matches = "^(?:0+(?:ns|us|µs|ms|s|m|h)?)+$"

  fix {
    when {
      path    = "proxy.ttl"
      present = true
    }
    replace = "0"
  }
}

case "kept" {
  message = "this registry forgets nothing before its time is over, and answers for a tag with what it has: manifests go stale"
  help    = "write `ttl: 0` below `proxy`"
}
