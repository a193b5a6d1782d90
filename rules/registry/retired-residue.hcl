summary    = "live configuration still has parts of a retired registry"
convention = "A09"
severity   = "error"
reads      = ["**/*nginx*.conf", "**/docker-registry/*compose*.{yml,yaml}"]

# As long as the repo runs it, it is in use.
unless {
  exists { in = "served" }
}

check "retired_residue" {
  hosts        = param.image.retired_registries
  residue      = param.residue
  residue_keys = param.residue_keys
  ports        = param.ports
  port_files   = param.port_files
  port_words   = param.port_words
  except       = param.image.exempt_files
}

case "code" {
  message = "`{host}` was decommissioned on {since}: this configuration serves nothing"
  help    = "delete it; a comment may say why it is gone"
}

case "port" {
  message = "port `{host}` belonged to a registry that was decommissioned on {since}"
  help    = "delete the port; a comment may say why it is gone"
}
