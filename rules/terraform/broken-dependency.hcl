summary    = "unit of Terragrunt depends on one that is not there, or on itself"
convention = "E07"
severity   = "error"
facts      = "repo"

check "stack_dependency" {}

case "missing" {
  message = "stack `{stack}` depends on `{target}`, where there is no `terragrunt.hcl`"
  help    = "write the path of a stack that exists, or delete the dependency"
}

case "circle" {
  message = "stack `{stack}` depends on itself: {circle}"
  help    = "delete one of these dependencies"
}
