summary    = "local that nothing in its module refers to"
convention = "D13"
severity   = "info"

check "unused_local" {
  examples = param.examples
  tests    = param.tests
}

case "unused" {
  message = "nothing in this module refers to `local.{name}`"
  help    = "delete the local"
}
