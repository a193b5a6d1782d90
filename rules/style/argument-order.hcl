summary  = "argument of Terraform's own stands among those of the provider"
severity = "info"
facts    = "stack"

check "argument_order" {
  blocks = param.ordered_blocks
  first  = param.first_arguments
  last   = param.last_arguments
}

case "late" {
  message = "`{name}` says how many of it there are, and stands behind `{before}`"
  help    = "write it first"
}

case "early" {
  message = "`{name}` says how Terraform treats the block, and stands before `{behind}`"
  help    = "write it last"
}
