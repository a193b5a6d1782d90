summary  = "function is called in a way that fails whatever happens"
severity = "error"
facts    = "stack"

check "function_call" {
  files  = param.code
  counts = param.argument_counts
}

case "count" {
  message = "`{name}` takes {wanted}, and is given {given}: Terraform refuses the call"
  help    = "give it as many as it takes"
}

case "verb" {
  message = "`format` knows no `{verb}`: Terraform refuses the call"
  help    = "write `%s` for a text, `%d` for a number, `%v` for anything, and `%%` for `%`"
}

case "few" {
  message = "the text asks for {wanted}, and {given} are given: Terraform refuses the call"
  help    = "give as many as it asks for"
}

case "many" {
  message = "the text asks for {wanted}, and {given} are given: Terraform refuses the call"
  help    = "give as many as it asks for, or ask for this one"
}

case "regex" {
  message = "the regex cannot be read: {reason}"
  help    = "write it in the syntax of RE2, which Go has"
}

case "date" {
  message = "`formatdate` knows no `{letters}`: Terraform refuses the call"
  help    = "write `YYYY`, `MM`, `DD`, `hh`, `mm`, `ss`, and other letters between `'`"
}
