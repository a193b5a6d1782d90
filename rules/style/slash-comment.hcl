summary  = "comment begins with `//`"
severity = "warning"
facts    = "stack"

check "slash_comment" {
  files = param.code
}

case "slashes" {
  message = "a comment begins with `#`, and this one with `//`"
  help    = "write `#`"
}
