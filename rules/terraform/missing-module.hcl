summary    = "module call, unit or explicit stack of Terragrunt leads to a directory that is not there"
convention = "E11"
severity   = "error"
facts      = "repo"
yields_to  = ["hygiene/removed-module"]

check "missing_module" {
  fetched     = param.fetched_modules
  fetch_lists = param.fetch_lists
  units       = param.units
  stacks      = param.stack_files
}

case "missing" {
  message = "`module.{call}` calls the module in `{module}`, and nothing is there: `terraform init` fails"
  help    = "write the way to a directory with Terraform files{nearest}"
}

case "empty" {
  message = "`module.{call}` calls the module in `{module}`, where no Terraform file is: it has none of these inputs"
  help    = "write the way to a directory with Terraform files{nearest}"
}

case "unit" {
  message = "the unit runs the module in `{module}`, and nothing is there: Terragrunt fails"
  help    = "write the way to a directory with Terraform files{nearest}"
}

case "unit_empty" {
  message = "the unit runs the module in `{module}`, where no Terraform file is: Terragrunt fails"
  help    = "write the way to a directory with Terraform files{nearest}"
}

case "made" {
  message = "`{maker}` is made of `{module}`, and nothing is there: Terragrunt fails"
  help    = "write the way to a directory of which it can be made{nearest}"
}

case "made_empty" {
  message = "`{maker}` is made of `{module}`, where no `{file}` is: Terragrunt fails"
  help    = "write the way to a directory with a `{file}`{nearest}"
}
