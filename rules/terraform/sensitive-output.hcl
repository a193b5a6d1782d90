summary  = "output shows something sensitive and does not say so"
severity = "error"
facts    = "repo"

check "sensitive_output" {
  attributes = param.sensitive_attributes
}

case "sensitive" {
  message = "`{secret}` is sensitive, and Terraform refuses an output of it that is not: `{name}`"
  help    = "write `sensitive = true`, or `nonsensitive(…)` around what is no secret of it"
}
