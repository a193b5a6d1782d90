summary    = "stack depends on one that it must not depend on"
convention = "B31"
severity   = "error"

check "forbidden_dependency" {
  edges = param.forbidden_edges
}

case "forbidden" {
  message = "stack `{stack}` must not depend on `{target}`: {reason}"
  help    = "delete the dependency; reading data of `{target}` needs none"
}
