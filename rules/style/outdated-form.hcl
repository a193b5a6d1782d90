summary  = "expression is written in a form that Terraform keeps for old code"
severity = "warning"
facts    = "stack"

check "outdated_form" {
  files = param.code
}

case "wrapped" {
  message = "the text is nothing but what is filled into it, and is no text if that is none"
  help    = "write `{wanted}`"
}

case "index" {
  message = "`{found}` is how Terraform 0.11 wrote an index"
  help    = "write `{wanted}`"
}

case "splat" {
  message = "`.*` is how Terraform 0.11 wrote a splat, and what stands behind it is read in another way"
  help    = "write `[*]`"
}

case "lookup" {
  message = "`lookup` without a default fails where there is no such key, as an index does"
  help    = "write an index, `MAP[KEY]`, or the default behind the key"
}
