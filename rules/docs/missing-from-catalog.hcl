summary    = "stack is not on the list of everything that runs"
convention = "E25"
severity   = "info"
added      = "warning"
reads      = [".claude/reference/*.md"]

select "block" {
  files = param.stack_files
  type  = "include"
}

let "place" { text = "{stack}" }

unless {
  path   = "place"
  one_of = param.no_stacks
}

where {
  exists { in = "catalog" }
}

require "unlisted" {
  any {
    exists {
      in    = "catalog"
      match = { listed = "{stack}" }
    }
    exists {
      in    = "catalog"
      match = { service_name = "{stack}" }
    }
  }
}

case "unlisted" {
  message = "stack `{stack}` is not on the list of everything that runs: whoever looks there does not know of it"
  help    = "add a row for it, with `{stack}` in the column `Stack`"
}
