summary    = "document uses a word that the glossary has another one for"
convention = "C66"
severity   = "info"
facts      = "repo"

select "selector" { of = "statement" }

# The glossary itself.
unless {
  text = "{file}"
  like = param.glossary
}

where {
  path   = "statement.kind"
  equals = "sentence"
}

let "term" {
  in     = "avoided"
  covers = { pattern = "{said}" }
  column = "term"
}

forbid "avoided" {
  path    = "term"
  present = true
  at      = "statement"
}

case "avoided" {
  message = "the glossary has another word for `{term}`"
  help    = "look it up in the glossary; where the word means what everybody means by it, it may stay"
}
