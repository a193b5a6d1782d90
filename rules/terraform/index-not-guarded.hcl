summary  = "list is indexed beside the question how long it is, and Terraform works out both"
severity = "error"
facts    = "repo"

select "text" {
  files   = ["**/*.tf"]
  words   = ["length("]
  matches = "\\blength\\((?<guarded>(?:[^()\\n]|\\([^()\\n]*\\))+?)\\)\\s*(?:(?:==\\s*[1-9]\\d*|>=\\s*[1-9]\\d*|>\\s*\\d+|!=\\s*0)\\s*&&|(?:==|<=)\\s*0\\s*\\|\\||<\\s*[1-9]\\d*\\s*\\|\\|)\\s*(?<at>(?<beside>(?:[^\\n]*(?:\\|\\||&&|\\()[ \\t]*\\n)*[^\\n]*))"
  zones   = ["code"]
}

where {
  exists { in = "both_sides" }
}

let "release" {
  in     = "both_sides"
  match  = {}
  column = "release"
}

# What makes something of an error is a guard, wherever it stands.
unless {
  text    = "{beside}"
  matches = "\\b${param.takes_null}\\("
}

forbid "used" {
  text    = "{beside}"
  # By number: a map is asked for its keys otherwise.
  matches = "(?:^|[^\\w.\"\\])]){guarded}\\[\\d+\\]|\\belement\\(\\s*{guarded}\\s*,"
}

case "used" {
  message = "where `{guarded}` is shorter this fails: Terraform {release} works out both sides, whatever the first one says"
  help    = "write a condition: `length({guarded}) == 0 ? false : …`"
}
