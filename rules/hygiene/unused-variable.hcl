summary    = "variable that nothing in its module refers to"
convention = "D13"
severity   = "info"

check "unused_variable" {
  examples = param.examples
  tests    = param.tests
}

case "unused" {
  message = "nothing in this module refers to `var.{name}`"
  help    = "delete the variable, and the argument in whatever calls the module"
}

case "published" {
  message = "nothing in this module refers to `var.{name}`, which callers elsewhere may set"
  help    = "delete the variable in a version that may break callers: Terraform refuses a call that still sets it"
}
