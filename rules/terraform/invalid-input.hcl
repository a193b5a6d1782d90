summary    = "module call gives an input that the module's own validation refuses"
convention = "E11"
severity   = "error"

check "invalid_input" {}

case "invalid" {
  message = "the module in `{module}` refuses this `{input}`{explanation}"
  help    = "write a value that meets the `validation` of `var.{input}`"
}
