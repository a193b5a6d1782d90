summary    = "service of the registry host follows a tag that moves"
convention = "B18"
severity   = "warning"
facts      = "stack"

select "file" { files = param.cache_compose }

each "service" { path = "services.*" }

let "image" { path = "service.image" }

unknown {
  because = "what a variable gives in `{image}` is known only where it runs"
  path     = "image"
  contains = "$${{"
}

where {
  path    = "service.image"
  present = true
}

# The release that a registry beside it runs.
let "sibling" {
  in     = "pinned_registries"
  match  = { file = "{file}" }
  column = "image"
}

require "pinned" {
  any {
    all {
      path    = "image"
      matches = ":v?\\d+\\.\\d+\\.\\d+|@sha256:"
    }
    # Of a registry, two numbers are a tag that moves with each of its releases.
    all {
      all {
        path    = "image"
        matches = ":v?\\d+\\.\\d+"
      }
      not {
        path    = "image"
        matches = "^(?:docker\\.io/)?(?:library/)?registry:"
      }
    }
  }
  at = "service.image"

  fix {
    when {
      path    = "image"
      matches = "^(?:docker\\.io/)?(?:library/)?registry(?:[:@]|$)"
    }
    replace = "{sibling}"
  }
}

case "pinned" {
  when {
    path    = "image"
    matches = "^(?:docker\\.io/)?(?:library/)?registry(?:[:@]|$)"
  }
  severity = "error"
  message  = "`{value}` moves: a release with a broken clean-up once came along, and took images with it"
  help     = "write the whole version: `registry:2.8.3`"
}

case "pinned" {
  message = "`{value}` moves: what runs after the next pull is not what runs now"
  help    = "write a version"
}
