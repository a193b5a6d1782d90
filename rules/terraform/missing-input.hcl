summary    = "module call leaves out an input that has no default"
convention = "E11"
severity   = "error"

check "missing_input" {}

case "missing" {
  message = "`module.{call}` does not give `{input}`, which the module in `{module}` requires"
  help    = "add `{input} = …` to the call, or a `default` to the variable"
}
