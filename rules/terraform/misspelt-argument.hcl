summary    = "argument or block of Terraform's own is misspelt"
convention = "E11"
severity   = "error"

check "misspelt_argument" {
  files = param.code
}

case "argument" {
  message = "a block `{block}` takes no `{name}`: Terraform refuses it"
  help    = "write `{meant}`"
}

case "block" {
  message = "Terraform knows no block `{name}`"
  help    = "write `{meant}`"
}
