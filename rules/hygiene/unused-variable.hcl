summary    = "variable that nothing in its module refers to"
convention = "D13"
severity   = "info"

check "unused_variable" {}

case "unused" {
  message = "nothing in this module refers to `var.{name}`"
  help    = "delete the variable, and the argument in whatever calls the module"
}
