summary  = "expression comes to something that Terraform refuses"
severity = "error"
facts    = "stack"

check "refused_expression" {
  files = param.code
}

case "refused" {
  message = "{why}: Terraform refuses it"
  help    = "correct it, or say with `try(…, DEFAULT)` what holds where it fails"
}
