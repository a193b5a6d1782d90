summary    = "document tells the reader to use a name that no longer works"
severity   = "warning"

select "text" {
  files   = param.documents
  words   = param.dead_words
  zones   = ["prose", "code"]
  matches = param.dead_pattern
}

unless {
  text = "{file}"
  like = param.history
}

# The line says that it is not to be used.
unless {
  text    = "{before}{after}"
  matches = param.gone
}

unless {
  text    = "{before}{after}"
  matches = "(?i)\\b(?:do not|don't|never|instead|historical|alias)\\b"
}

each "name" { texts = param.dead_names }

where {
  text     = "{dead}"
  contains = "{name}"
}

forbid "dead" {
  text    = "{dead}"
  matches = "."
}

case "dead" {
  message = "`{dead}` does not work any more: {name_value}"
  help    = "write what the code uses now, or say in the line that it is history"
}
