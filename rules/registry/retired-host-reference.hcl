summary    = "something live refers to a host that no longer exists"
convention = "E01"
severity   = "error"
reads      = ["**/*nginx*.conf", "**/docker-registry/*compose*.{yml,yaml}"]
yields_to  = ["registry/retired-residue", "image/decommissioned-registry"]

# As long as the repo runs it, it is in use.
unless {
  exists { in = "served" }
}

check "retired_host" {
  hosts        = param.image.retired_registries
  residue      = param.residue
  residue_keys = param.residue_keys
  instructions = param.instructions
  prose_keys   = param.prose_keys
  except       = param.image.exempt_files
}

case "code" {
  message = "`{host}` was decommissioned on {since}: nothing answers there"
  help    = "images are on `{replacement}`; if this is history, make it a comment"
}

case "document" {
  severity = "warning"
  message  = "`{host}` was decommissioned on {since}: whoever runs this fails"
  help     = "write `{replacement}`, or say that it is history"
}
