summary    = "host is one level too deep for the certificate at the edge"
convention = "C08"
severity   = "error"
facts      = "repo"

select "row" {
  of = "hosts"
}

let "host" {
  path = "host"
}

forbid "nested" {
  path = "host"
  like = param.nested_hosts
}

case "nested" {
  message = "the certificate at the edge covers one level, so browsers refuse `{host}`"
  help    = "join the labels with a hyphen: `a-b.…` instead of `a.b.…`"
}
