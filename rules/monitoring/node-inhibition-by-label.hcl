summary    = "inhibition by an alert about a node asks for a label that its targets do not have"
convention = "E27"
severity   = "warning"

select "text" {
  files   = param.alertmanager_files
  words   = ["target_matchers"]
  matches = param.node_inhibition
}

forbid "labelled" {
  text    = "{file}"
  matches = "."
  at      = "at"
}

case "labelled" {
  message = "with `equal` this inhibits nothing: alerts about pods and services carry no `node` label"
  help    = "delete the `equal`: while a node is down the whole cascade is to be quiet"
}
