summary  = "script calls a function that it does not define"
severity = "info"

select "file" {
  files  = param.own_scripts
  except = param.other_languages
  words  = param.strict_words
  reads  = "shell"
}

# What is read in may define anything.
unless {
  certain {
    path   = "commands[*].name"
    one_of = ["source", ".", "eval", "load"]
  }
}

where {
  path    = "functions[*].name"
  present = true
}

each "call" { path = "commands[*].name" }

# What a variable starts is not asked about.
where {
  certain {
    path    = "call"
    matches = "^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$"
  }
}

unless {
  path = "call"
  like = param.programs_with_underscores
}

require "undefined" {
  path   = "functions[*].name"
  equals = { path = "call" }
  at     = "call"
}

case "undefined" {
  message = "no function of the script is called `{call}`: it ends here with `command not found`"
  help    = "define it, or take the call out"
}
