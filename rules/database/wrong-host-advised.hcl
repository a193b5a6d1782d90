summary    = "document sends its reader to a name that does not lead to the right server"
convention = "C37"
severity   = "warning"
facts      = "repo"

select "file" {
  files = ["*.md", ".claude/*.md", ".claude/{agents,skills}/**/*.md", "docs/architecture/**/*.md", "docs/runbooks/**/*.md"]
  words = param.wrong_words
  reads = "markdown"
}

each "statement" { path = "statements[*]" }

each "word" { path = "statement.code[*]" }

let "host" {
  path    = "word"
  capture = "(?:^|[^a-z0-9.-])(?<value>[a-z0-9-]+\\.[a-z0-9-]+)(?:\\.svc(?:\\.cluster\\.local)?)?(?:[^a-z0-9.-]|$)"
}

each "wrong" { texts = param.wrong_hosts }

where {
  path   = "host"
  equals = "{wrong}"
}

# Before there was a right one, the name was the only one.
where {
  exists {
    in    = "services"
    match = { host = "{wrong_value}" }
  }
}

# It says what to do, and not how names are looked up, or how it was.
where {
  path    = "statement.text"
  matches = "(?i)\\b(?:use|connect|shared|endpoint|point(?:s|ed)? (?:at|to))\\b"
}

unless {
  path    = "statement.text"
  matches = "(?i)\\b(?:not|never|don't|no longer|instead|rather|avoid|legacy|old|was|were|used to|until|replaced|patched)\\b"
}

forbid "advised" {
  path    = "word"
  matches = "."
}

case "advised" {
  message = "`{host}` is the name the old chart gave its service: whoever follows this gets errors now and then"
  help    = "write `{wrong_value}`, with what follows"
}
