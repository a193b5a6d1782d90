summary    = "variable for a secret is not declared sensitive"
convention = "D20"
severity   = "info"

check "sensitive_variable" {
  names  = param.secret_names
  except = param.no_secret_names
}

case "missing" {
  message = "`var.{name}` is named like a secret and not sensitive: plans print it"
  help    = "add `sensitive = true`"
}
