summary    = "input of a Terragrunt unit is no variable of the module that it runs"
convention = "E11"
severity   = "warning"
facts      = "repo"

check "unknown_unit_input" {}

case "unknown" {
  message = "the module in `{module}` has no variable `{input}`: Terraform never looks at this input"
  help    = "delete it, or write another name{nearest}"
}

case "shared" {
  message = "no module that is given `{input}` from here has such a variable: Terraform never looks at this input"
  help    = "delete it, or write another name{nearest}"
}
