summary    = "list of everything that runs names a stack that is not there"
convention = "E25"
severity   = "warning"
facts      = "repo"

select "row" { of = "catalog" }

unless {
  path   = "listed"
  one_of = param.no_stack_words
}

# `(…)` beside the name is a remark, and what stands behind a slash a part of the stack.
let "named" {
  path    = "listed"
  capture = "^\\s*(?<value>[A-Za-z0-9_.-]+)"
}

require "unknown" {
  exists {
    in    = "stacks"
    match = { named = "{named}" }
  }
  at = "named"
}

case "unknown" {
  message = "there is no stack `{named}`: what the list says of it can be looked up nowhere"
  help    = "write the stack that it is in now, or take the row out"
}
