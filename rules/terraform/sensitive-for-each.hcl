summary  = "`for_each` goes through something sensitive"
severity = "error"
facts    = "repo"

check "sensitive_for_each" {
  attributes = param.sensitive_attributes
}

case "sensitive" {
  message = "`{secret}` is sensitive, and so is what is made of it: Terraform refuses to repeat `{address}` over it"
  help    = "write `nonsensitive(…)` around what is no secret of it, such as its keys"
}
