summary    = "something that was given up is still used"
convention = "E24"
severity   = "warning"
facts      = "repo"

select "text" {
  files   = param.living_files
  words   = param.retired_words
  zones   = ["code", "string"]
  matches = param.retired_pattern
}

each "component" { texts = param.retired_components }

where {
  text     = "{retired}"
  contains = "{component}"
}

# At home it still is.
unless {
  exists {
    in    = "living_components"
    match = { component = "{component}" }
  }
}

forbid "retired" {
  text    = "{retired}"
  matches = "."
}

case "retired" {
  message = "`{retired}` was given up: {component_value}"
  help    = "take it out; if it is history, make it a comment"
}
