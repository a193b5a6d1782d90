summary    = "module call gives an input that the module does not declare"
convention = "E11"
severity   = "error"

check "unknown_input" {}

case "unknown" {
  message = "the module in `{module}` has no variable `{input}`"
  help    = "delete the argument, or write another name{nearest}"
}
