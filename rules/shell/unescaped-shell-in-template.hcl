summary    = "`$${NAME}` for a shell is read by Terraform"
convention = "E10"
severity   = "error"

check "bare_name_in_template" {}

case "name" {
  message = "Terraform reads `{found}` as a reference, and `{name}` alone names nothing"
  help    = "write `$${found}` for the shell's variable, or `var.{name}` or `local.{name}` for Terraform's"
}

case "not_passed" {
  message = "`{found}` is filled in when the template is rendered, and `{name}` is not passed"
  help    = "write `$${found}` for the shell's variable, or pass `{name}` to `templatefile`"
}

case "invalid_file" {
  message = "the template cannot be rendered: {problem}"
  help    = "{advice}"
}
