summary    = "document tells the reader to use a name that no longer works"
severity   = "warning"
facts      = "repo"
yields_to  = ["database/wrong-host"]

select "text" {
  files   = param.followed
  except  = param.history
  words   = param.dead_words
  zones   = ["prose", "code"]
  matches = param.dead_pattern
}

# The line says that it is not to be used, or no longer is.
unless {
  path    = "before"
  present = true
}

unless {
  text    = "{after}"
  matches = param.gone
}

unless {
  text    = "{after}"
  matches = "(?i)\\b(?:do not|don't|never|instead|historical|alias|migrated)\\b"
}

# A longer name, or a line on how a resolver comes by names.
unless {
  text    = "{after}"
  matches = "^\\.[a-z]|(?i)\\b(?:ndots|resolves)\\b"
}

each "name" { texts = param.dead_names }

where {
  text     = "{dead}"
  contains = "{name}"
}

# What the tree still makes is not dead.
unless {
  exists {
    in    = "living_names"
    match = { living = "{name}" }
  }
}

# The name that works, where the reason ends in one.
let "instead" {
  path    = "name_value"
  capture = "`(?<value>[^`]+)`$"
}

forbid "dead" {
  text    = "{dead}"
  matches = "."

  # What is said of two names is another thing of one.
  fix {
    when {
      path    = "beside"
      present = false
    }
    replace = "{instead}"
  }
}

case "dead" {
  message = "`{dead}` does not work any more: {name_value}"
  help    = "write what the code uses now, or say in the line that it is history"
}
