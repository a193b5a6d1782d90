summary    = "block lacks an argument that it needs, or has two that exclude each other"
convention = "E11"
severity   = "error"

check "incomplete_block" {
  files = param.code
}

case "missing" {
  message = "`{block}` has no `{argument}`: Terraform refuses it"
  help    = "add `{written}`"
}

case "both" {
  message = "`{block}` has `{one}` and `{other}`, and may have one of them: Terraform refuses it"
  help    = "delete one of them"
}

case "other" {
  message = "the condition says nothing of `var.{name}`: Terraform refuses a validation that is about something else"
  help    = "refer to `var.{name}`; what concerns other things is a `precondition` or a `check`"
}

case "constant" {
  message = "the condition refers to nothing: Terraform refuses a `{block}` that always holds or never does"
  help    = "refer to what it is about, or delete the block"
}

case "block" {
  message = "`locals` takes no blocks, and `{name}` is one: Terraform refuses it"
  help    = "write `{name} = {{ … }}`"
}

case "labels" {
  message = "`{kind}` takes {wanted} of the names that stand behind a block, and has {given}: Terraform refuses it"
  help    = "write `{written}`"
}
