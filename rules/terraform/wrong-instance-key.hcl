summary  = "one of several is referred to without saying which, or one alone as if there were several"
severity = "error"
facts    = "stack"

check "instance_key" {
  files = param.code
}

case "missing" {
  message = "`{address}` has `{argument}`, and this does not say which of them is meant: Terraform refuses it"
  help    = "write `{example}` for one of them; of all with `count`, `[*]` is a list"
}

case "unexpected" {
  message = "there is one `{address}`, without `count` and `for_each`: Terraform refuses a key behind it"
  help    = "leave the key out"
}
