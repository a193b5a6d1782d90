summary    = "something stands in a file that must never be there"
convention = "E27"
severity   = "error"

select "text" {
  files   = ["modules/**", "stacks/**", "scripts/**", ".woodpecker/**"]
  words   = param.forbidden_words
  matches = param.forbidden_pattern
  zones   = ["code", "string"]
}

each "pin" { texts = param.forbidden }

let "found" { path = "" }

let "text" {
  path    = "pin"
  capture = "^\\S+ (?<value>.*)$"
}

let "within" {
  path    = "pin"
  capture = "^(?<value>\\S+) "
}

where {
  path   = "found"
  equals = "{text}"
}

forbid "there" {
  text = "{file}"
  like = ["{within}"]
  at   = "found"
}

case "there" {
  message = "`{text}` must not stand in `{within}`: {pin_value}"
  help    = "delete it; if the reason is gone, delete the entry of `forbidden` in `params \"pinned\"`"
}
