summary  = "value is used beside the question whether it is null, and Terraform works out both"
severity = "error"
facts    = "repo"

select "text" {
  files   = ["**/*.tf"]
  words   = ["null"]
  matches = "(?<guarded>\\b(?:var|local|each\\.value)(?:\\.\\w+)*)\\s*(?:==\\s*null\\s*\\|\\||!=\\s*null\\s*&&)\\s*(?<at>(?<beside>(?:[^\\n]*(?:\\|\\||&&|\\()[ \\t]*\\n)*[^\\n]*))"
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
  # Compared, counted with, taken apart, gone through, or given to a function.
  matches = "\\b{guarded}(?:\\s*(?:[<>]=?|[-+*/%])|\\.\\w|\\[)|(?:(?:^|[^=])[<>]=?|[-+*/%]|\\bin)\\s*{guarded}\\b|\\w\\((?:[^()\\n]*,)?\\s*{guarded}\\s*[,)]"
}

case "used" {
  message = "where `{guarded}` is null this fails: Terraform {release} works out both sides, whatever the first one says"
  help    = "write a condition: `{guarded} == null ? true : …`"
}
