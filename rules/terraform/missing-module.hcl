summary    = "module call leads to a directory that is not there"
convention = "E11"
severity   = "error"
facts      = "repo"
yields_to  = ["hygiene/removed-module"]

check "missing_module" {
  fetched     = param.fetched_modules
  fetch_lists = param.fetch_lists
}

case "missing" {
  message = "`module.{call}` calls the module in `{module}`, and nothing is there: `terraform init` fails"
  help    = "write the way to a directory with Terraform files{nearest}"
}

case "empty" {
  message = "`module.{call}` calls the module in `{module}`, where no Terraform file is: it has none of these inputs"
  help    = "write the way to a directory with Terraform files{nearest}"
}
