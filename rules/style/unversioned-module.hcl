summary  = "module of a registry is called without a version"
severity = "warning"
facts    = "stack"

select "module" { source = ["**"] }

where {
  path    = "source"
  matches = "^(?:[a-z0-9.-]+\\.[a-z]+/)?[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9][A-Za-z0-9_-]*/[a-z0-9]+(?://.*)?$"
}

require "unversioned" {
  path      = "version"
  matches   = "[0-9]"
  underline = "subject"
}

case "unversioned" {
  message = "module `{name}` is whatever the registry has on the day of the `init`"
  help    = "write `version = \"…\"`"
}
