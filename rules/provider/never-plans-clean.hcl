summary    = "value that differs on every run"
convention = "D06"
severity   = "warning"

select "text" {
  files   = ["**/*.tf"]
  words   = ["timestamp(", "uuid("]
  matches = "(?:^|[^.A-Za-z0-9_\"'`-])(?<at>(?<function>timestamp|plantimestamp|uuid)\\(\\s*\\))"
  zones   = ["code", "string"]
}

forbid "perpetual" { path = "" }

case "perpetual" {
  message = "`{function}()` differs on every run: each plan has a change that nobody made, and real drift hides behind it"
  help    = "name what it should depend on: a hash of the content, a version, or `time_static`"
}
