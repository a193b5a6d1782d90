summary    = "pattern of the admission policy admits more names than the one it says"
convention = "D09"
severity   = "warning"

select "object" { kinds = ["ClusterPolicy"] }

where {
  path   = "metadata.name"
  one_of = param.trust_policies
}

each "pattern" {
  path  = "spec.rules[*].validate.pattern.spec.containers[*].image"
  split = "|"
}

let "host" {
  path    = "pattern"
  capture = "^(?<value>[^/*:]*[a-z0-9])\\*$"
}

forbid "host" {
  path    = "pattern"
  matches = "^[^/*]*[.:][^/*]*[^/*:]\\*"

  # What begins a port, or a part of a name, does not say where it ends.
  fix {
    when {
      path    = "host"
      present = true
    }
    replace = "{host}/* | {host}:*/*"
  }
}

forbid "bare_name" {
  path    = "pattern"
  matches = "^[^/*.:]+\\*"
}

case "host" {
  message = "`{pattern}` has no `/` before the `*`: it trusts every host whose name begins like that"
  help    = "end the host with `/*`, and name the ports that are meant: `HOST:5000/*`"
}

case "bare_name" {
  severity = "info"
  message  = "`{pattern}` has no boundary before the `*`: it admits every image and every user whose name begins like that"
  help     = "write the name with a tag (`NAME:*`), or use `docker.io/library/NAME`"
}
