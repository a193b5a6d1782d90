summary  = "object has the same key twice, and Terraform drops the first one"
severity = "warning"
facts    = "stack"

check "repeated_entry" {
  files = param.native_code
}

case "lost" {
  message = "`{key}` stands here twice: Terraform takes the last one, and drops this without a word"
  help    = "leave one of them"
}

case "same" {
  message = "`{key}` stands here twice, and says the same both times"
  help    = "leave one of them"
}
