summary  = "nginx answers before it has asked who it is"
severity = "error"
facts    = "repo"

select "row" { of = "asking_locations" }

# A redirect gives nothing away, and an error lets nobody in.
forbid "answered" {
  path    = "answer.value"
  matches = "^2\\d\\d\\b"
  at      = "answer"
}

case "answered" {
  message = "`return` answers before `{check_name}` is asked: location `{location}` lets everybody in"
  help    = "serve a file instead: `root` of a directory, and `try_files /FILE =403;`"
}
