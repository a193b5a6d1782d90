summary  = "script asks whether a search has found something, and has ended where it has not"
severity = "error"
facts    = "repo"

select "row" { of = "ending_searches" }

let "named" { path = "kept.name" }

let "by" { path = "does.name" }

let "asks" { path = "kept.test" }

forbid "ended" {
  path    = "kept.name"
  present = true
  related = { "kept.test" = "it is not asked then" }
}

case "ended" {
  when {
    text   = "{by}"
    equals = "{named}"
  }
  message = "the script ends here where the search finds nothing: `{asks}` is not reached then"
  help    = "let the search fail: `{{ grep … || true; }}`"
}

case "ended" {
  message = "`{by}` fails where its search finds nothing, and the script ends here: `{asks}` is not reached then"
  help    = "let the search in `{by}` fail: `{{ grep … || true; }}`"
}
