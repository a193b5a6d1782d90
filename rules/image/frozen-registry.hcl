summary    = "image comes from a registry that is frozen and empty"
convention = "A08"
severity   = "error"
reads      = [".github/workflows/*", ".github/actions/**", ".woodpecker/*"]

# As long as our builds go there and nowhere else, it is in use.
unless {
  all {
    exists { in = "frozen_builds" }
    not {
      exists { in = "own_builds" }
    }
  }
}

check "image_registry" {
  registries = param.frozen_registries
  with_owner = true
  except     = param.exempt_files
}

case "image" {
  message = "`{registry}` is frozen and empty since {since}: as a registry it serves no images"
  help    = "use `{replacement}`"
}

case "document" {
  severity = "warning"
  message  = "`{registry}` is frozen and empty since {since}: nothing can be pushed to or pulled from it"
  help     = "write `{replacement}`"
}
