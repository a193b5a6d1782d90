summary  = "provider is used and not required, or required and not used"
severity = "warning"
facts    = "repo"

check "required_providers" {}

case "undeclared" {
  message = "`{module}` uses provider `{provider}` and does not require it: whichever version is the latest is installed"
  help    = "name it in `required_providers`, with its `source` and a `version`"
}

case "unused" {
  message = "`{module}` requires provider `{provider}` and uses nothing of it: every `init` installs it"
  help    = "take it out"
}
