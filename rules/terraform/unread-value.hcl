summary  = "explicit stack of Terragrunt gives a value that nothing reads"
severity = "warning"
facts    = "repo"

check "unread_value" {
  stacks = param.stack_files
}

case "unread" {
  message = "nothing in `{template}` reads `values.{value}`: what is given here does nothing"
  help    = "delete it, or write another name{nearest}"
}
