summary    = "change takes a module away that is still called"
convention = "E11"
severity   = "error"

check "removed_module" {}

case "removed" {
  message = "`module.{call}` calls the module in `{module}`, which this change takes away"
  help    = "let it call another one, or take the call away too"
}
