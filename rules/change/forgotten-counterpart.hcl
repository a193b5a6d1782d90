summary    = "change of one place without the other that must change with it"
convention = "E26"
severity   = "warning"

check "change_together" {
  links = param.links
}

case "alone" {
  message = "this changes {what} without {other}, though they belong together ({reason})"
  help    = "change both, or say in the commit why only one"
}
