summary    = "module that no stack calls"
convention = "D12"
severity   = "info"
facts      = "repo"

check "dead_module" {}

case "dead" {
  message = "nothing in the repo calls the module in `{module}`"
  help    = "delete the directory, or call it"
}
