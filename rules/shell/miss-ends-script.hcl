summary  = "script ends where a search finds nothing, or where a command fails that it goes on to ask about"
severity = "error"
facts    = "repo"

select "row" { of = "fragile" }

forbid "count" {
  path    = "search"
  present = true
}

forbid "status" {
  path    = "status"
  present = true
}

case "count" {
  severity = "warning"
  message  = "`grep` fails when it finds nothing, and the script ends here instead of counting zero"
  help     = "let the search fail: `{{ grep … || true; }} | wc -l`"
}

case "status" {
  message = "the script ends at the line above when its command fails, so `{status}` is never anything but 0"
  help    = "take it where the command stands: `{status}=0; OUTPUT=$(…) || {status}=$?`"
}
