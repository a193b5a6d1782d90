summary    = "image comes from a registry that no longer exists"
convention = "A07"
severity   = "error"
reads      = ["**/*nginx*.conf", "**/docker-registry/*compose*.{yml,yaml}"]

# As long as the repo runs it, it is in use.
unless {
  exists { in = "registry.served" }
}

check "image_registry" {
  registries = param.retired_registries
  except     = param.exempt_files
}

case "image" {
  message = "`{registry}` was decommissioned on {since}: this image cannot be pulled"
  help    = "use `{replacement}`"
}

case "document" {
  severity = "warning"
  message  = "`{registry}` was decommissioned on {since}: whoever follows this text fails"
  help     = "write `{replacement}`"
}
