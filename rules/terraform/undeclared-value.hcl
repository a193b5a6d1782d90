summary  = "value is set for a variable that nobody declares"
severity = "warning"

check "undeclared_value" {
  values = param.loaded_values
}

case "undeclared" {
  message = "the module beside this file declares no `{name}`: Terraform ignores what is set here"
  help    = "delete it, or write another name{nearest}"
}
