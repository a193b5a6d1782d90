summary  = "list of a document lacks something that the code has"
severity = "warning"

select "row" { of = "lists" }

let "missing" {
  in           = "listed"
  match        = { kind = "{kind}" }
  missing_from = { named = "{list}" }
  any_case     = true
  column       = "named"
}

forbid "lacks" {
  path    = "missing"
  present = true
  at      = "list"

  # Names alone, with commas between them, or one to a line.
  fix {
    when {
      path    = "list"
      matches = "^[\\w-]+(?:,\\s+[\\w-]+)*$"
    }
    after = { list = ", {missing}" }
  }

  fix {
    when {
      path    = "list"
      matches = "^(?:- [^\\n]+\\n)+$"
    }
    after = { list = "- {missing}\n" }
  }
}

case "lacks" {
  message = "this list lacks the {kind} `{missing}`"
  help    = "add what the code has, or say that these are some of them"
}
