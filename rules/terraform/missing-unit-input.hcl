summary    = "unit of Terragrunt leaves out an input that its module requires and other units give"
convention = "E11"
severity   = "error"
facts      = "repo"

check "missing_unit_input" {}

case "missing" {
  message = "nothing gives this unit `{input}`, which the module in `{module}` requires and `{other}` gives: Terraform cannot plan it"
  help    = "add `{input} = …` to the `inputs`, or a `default` to the variable"
}
