summary    = "cache of a registry keeps what changes, or does not keep what cannot"
convention = "B19"
severity   = "error"

select "file" {
  files = param.cache_files
  reads = "nginx"
}

each "server" { path = ["http.server[*]", "server[*]"] }

each "location" { path = "server.location[*]" }

where {
  path    = "location.value"
  matches = "/v2/"
}

# Where it is for manifests too, it is no place for layers alone.
require "manifest" {
  when {
    any {
      not {
        path    = "location.value"
        matches = "blobs"
      }
      all {
        path    = "location.value"
        matches = "manifests"
      }
    }
  }
  # Answers of nginx itself, and of a check whether it is up, are no manifests.
  when {
    path    = "location.arguments[*]"
    matches = "^\\^?/v2/"
  }
  # What no block around it says, nginx does not do.
  when {
    path    = ["location.proxy_cache", "server.proxy_cache", "http.proxy_cache", "proxy_cache"]
    present = true
  }
  path   = "location.proxy_cache.value"
  equals = "off"
  at     = "location"

  fix {
    when {
      path    = "location.proxy_cache"
      present = true
    }
    set_expression = { "location.proxy_cache.value" = "off" }
  }
  fix { beneath = { "location.proxy_pass" = "proxy_cache off;" } }
}

require "blob" {
  when {
    path    = "location.value"
    matches = "blobs"
    not {
      path    = "location.value"
      matches = "manifests"
    }
  }
  all {
    path    = ["location.proxy_cache", "server.proxy_cache", "http.proxy_cache", "proxy_cache"]
    present = true
  }
  not {
    path   = "location.proxy_cache.value"
    equals = "off"
  }
  at = "location"
}

case "manifest" {
  message = "manifests are cached here: a tag goes on meaning the image that it meant before"
  help    = "write `proxy_cache off;` in this location"
}

case "blob" {
  message = "layers are not cached here: each node fetches each of them from upstream"
  help    = "write `proxy_cache <zone>;` in this location"
}
