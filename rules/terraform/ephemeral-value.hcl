summary    = "value that nothing may keep stands where Terraform keeps it"
convention = "E11"
severity   = "error"
facts      = "stack"

check "ephemeral_value" {}

case "output" {
  message = "`{value}` is ephemeral, and the output `{name}` is not: Terraform refuses it"
  help    = "write `ephemeral = true`, which the outputs of a root module cannot have; `ephemeralasnull(…)` gives the rest of an object"
}

case "input" {
  message = "`{value}` is ephemeral, and the variable `{name}` of the module in `{module}` is not: Terraform refuses it"
  help    = "write `ephemeral = true` in the variable"
}

case "repeated" {
  message = "`{value}` is ephemeral, and `{argument}` says what there is: Terraform refuses it"
  help    = "say it by a value that may be kept"
}

case "kept" {
  message = "`{value}` is ephemeral, and `{argument}` is kept in the state: Terraform refuses it"
  help    = "leave it out, or write `ephemeralasnull(…)` around it"
}
