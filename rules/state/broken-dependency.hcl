summary    = "dependency between stacks leads nowhere, in a circle, or out of the first tier"
convention = "E07"
severity   = "error"
facts      = "repo"

check "stack_dependency" {
  first_tier = param.first_tier
}

case "missing" {
  message = "stack `{stack}` depends on `{target}`, where there is no `terragrunt.hcl`"
  help    = "write the path of a stack that exists, or delete the dependency"
}

case "circle" {
  message = "stack `{stack}` depends on itself: {circle}"
  help    = "delete one of these dependencies"
}

case "tier" {
  message = "stack `{stack}` comes up first, and depends on `{target}`, which does not"
  help    = "delete the dependency, or add `{target}` to the list in `{list}`"
}
