summary    = "`allowed_groups` stands at an ingress that asks for no group"
convention = "C01"
severity   = "warning"

select "module" {
  source = param.factory
}

forbid "pointless" {
  when {
    path   = "auth"
    one_of = ["app", "public", "none"]
  }
  path      = "allowed_groups"
  present   = true
  underline = "key"

  # Whoever wrote it may have meant the other line to change.
  fix {
    safety = "display"
    delete = "allowed_groups"
  }
}

case "pointless" {
  message = "`allowed_groups` has no effect unless `auth` is `\"required\"`: `{name}` lets everybody in"
  help    = "set `auth = \"required\"`, or drop `allowed_groups`"
}
