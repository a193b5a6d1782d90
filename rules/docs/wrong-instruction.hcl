summary    = "document tells the reader to do what another one forbids"
convention = "C64"
severity   = "warning"

select "text" {
  files   = param.documents
  except  = param.history
  words   = param.forbidden_words
  zones   = ["prose", "code"]
  matches = param.forbidden_instructions
}

unless {
  text    = "{before}{after}"
  matches = "(?i)\\b(?:do \\**not|don't|never|not|instead of|rather than|avoid|forbidden|no)\\b|\\*\\*NEVER"
}

each "rule" { texts = param.forbidden_reasons }

where {
  text     = "{instruction}"
  contains = "{rule}"
}

forbid "wrong" {
  text    = "{instruction}"
  matches = "."
}

case "wrong" {
  message = "this tells the reader to do what the house forbids: {rule_value}"
  help    = "write what to do in its place, or that it must not be done"
}
