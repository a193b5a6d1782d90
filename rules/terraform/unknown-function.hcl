summary    = "function that Terraform does not know is called"
convention = "E11"
severity   = "error"

check "unknown_function" {
  files = param.code
  known = param.functions
}

case "unknown" {
  message = "Terraform knows no function `{name}`"
  help    = "write `{meant}`"
}
