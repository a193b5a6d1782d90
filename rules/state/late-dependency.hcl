summary    = "stack that comes up first depends on one that comes up later"
convention = "E07"
severity   = "error"
facts      = "repo"

check "late_dependency" {
  first_tier = param.first_tier
}

case "late" {
  message = "stack `{stack}` comes up first, and depends on `{target}`, which does not"
  help    = "delete the dependency, or add `{target}` to the list in `{list}`"
}
