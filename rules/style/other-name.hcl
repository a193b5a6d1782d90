summary  = "name is written in another way than the others"
severity = "info"
facts    = "stack"

check "name_form" {
  form = param.names
}

case "other" {
  message = "the name `{name}` of this {kind} is not written as names are here"
  help    = "write small letters, and `_` between words; a pattern of your own is the param `names`"
}
