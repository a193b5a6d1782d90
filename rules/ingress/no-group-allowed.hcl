summary    = "`allowed_groups` is empty, so nobody gets past the login"
convention = "C01"
severity   = "error"
facts      = "repo"

select "module" {
  source = param.factory
}

where {
  path   = "auth"
  equals = "required"
}

let "host" {
  path    = "callee.effective_host"
  default = "{name}"
}

# Whoever another ingress lets into the host gets into this one.
unless {
  exists {
    in    = "gated_hosts"
    match = { host = "{host}" }
    other = true
  }
}

forbid "empty" {
  path          = "allowed_groups"
  items_at_most = 0
}

case "empty" {
  message = "`allowed_groups` of `{name}` is empty: nobody gets past its login"
  help    = "name the groups that may come in, or take it out: then the factory's default holds"
}
