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

each "term" {
  in     = "avoided"
  covers = { pattern = "{said}" }
  column = "term"
}

let "preferred" {
  in     = "avoided"
  match  = { term = "{term}" }
  column = "preferred"
}

# Another sense of the word has another entry.
let "other" {
  in      = "avoided"
  match   = { term = "{term}" }
  differs = { preferred = "{preferred}" }
  column  = "preferred"
}

# A sentence that has the right word too means something else by this one, or explains it.
unless {
  path    = "said"
  matches = "(?i){preferred}"
}

# So does one with another word of the glossary that this one is a part of: "PVE host".
unless {
  exists {
    in       = "explained"
    any_case = true
    contains = { word = "{term}" }
    covers   = { having = "{said}" }
  }
}

# Code is not asked.
unless {
  path    = "statement.code[*]"
  matches = " {term} "
}

let "spot" {
  path    = "statement.text"
  capture = " (?<value>{term}) "
}

forbid "avoided" {
  exists {
    in    = "avoided"
    match = { term = "{term}" }
  }
  at = "spot"
}

case "avoided" {
  when {
    path    = "other"
    present = true
  }
  message = "the glossary has other words for `{term}`: `{preferred}` or `{other}`"
  help    = "say the one that is meant; where the word means what everybody means by it, it may stay"
}

case "avoided" {
  message = "the glossary has another word for `{term}`: `{preferred}`"
  help    = "say `{preferred}` if that is meant; where the word means what everybody means by it, it may stay"
}
