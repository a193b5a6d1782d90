summary    = "number in a document is not the number in the code"
convention = "D25"
severity   = "info"
facts      = "repo"

select "text" {
  files   = param.documents
  except  = param.history
  words   = param.counted_modules
  zones   = ["prose", "code"]
  matches = "`(?<module>[a-z_]+)` \\((?<at>(?<count>\\d+))(?: [Ss]tacks)?\\)"
}

where {
  path   = "module"
  one_of = param.counted_modules
}

require "fewer" {
  sum {
    in       = "module_users"
    match    = { module = "{module}" }
    column   = "one"
    at_least = "{count}"
  }

  fix {
    safety  = "safe"
    replace = "{value}"
  }
}

require "more" {
  sum {
    in      = "module_users"
    match   = { module = "{module}" }
    column  = "one"
    at_most = "{count}"
  }

  fix {
    safety  = "safe"
    replace = "{value}"
  }
}

case "fewer" {
  message = "{value} stacks call `{module}`, not {count}"
  help    = "write `{value}`, or no number"
}

case "more" {
  message = "{value} stacks call `{module}`, not {count}"
  help    = "write `{value}`, or no number"
}
