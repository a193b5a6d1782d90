summary    = "text that a file must have is not there"
convention = "E27"
severity   = "error"
facts      = "repo"

# Each file once, known by its first line.
select "text" {
  files   = param.required_files
  words   = param.required_file_words
  matches = "\\A(?<at>[^\\n]*)"
  zones   = ["code", "string", "comment", "prose"]
}

each "pin" { texts = param.required }

let "pinned_file" {
  path    = "pin"
  capture = "^(?<value>\\S+) "
}

where {
  text   = "{pinned_file}"
  equals = "{file}"
}

let "text" {
  path    = "pin"
  capture = "^\\S+ (?<value>.*)$"
}

let "reason" {
  path    = "pin_value"
  capture = "^(?:~ )?(?:2 times )?(?:-- )?(?<value>.*)$"
}

let "recommended" {
  path    = "pin_value"
  capture = "^~ "
}

let "twice" {
  path    = "pin_value"
  capture = "^(?:~ )?2 times "
}

require "gone" {
  exists {
    in    = "required_texts"
    match = { file = "{file}", found = "{text}" }
  }
}

require "halved" {
  when {
    all {
      path    = "twice"
      present = true
    }
    exists {
      in    = "required_texts"
      match = { file = "{file}", found = "{text}" }
    }
  }
  exists {
    in       = "required_texts"
    match    = { file = "{file}", found = "{text}" }
    at_least = 2
  }
}

case "gone" {
  severity = "warning"
  when {
    path    = "recommended"
    present = true
  }
  message = "`{text}` is not in this file: {reason}"
  help    = "restore it; if the reason is gone, delete the entry of `required` in `params \"pinned\"`"
}

case "gone" {
  message = "`{text}` is not in this file: {reason}"
  help    = "restore it; if the reason is gone, delete the entry of `required` in `params \"pinned\"`"
}

case "halved" {
  severity = "warning"
  message  = "`{text}` is in one place of this file only: {reason}"
  help     = "restore it in the other; if the reason is gone, change the entry of `required` in `params \"pinned\"`"
}
