summary  = "list of a document lacks something that the code has"
severity = "warning"
facts    = "repo"

select "row" { of = "lists" }

# What the same document says to be the opposite is not missing: one of the two is wrong, and nobody can say here which.
let "opposite" {
  in      = "opposite_lists"
  match   = { kind = "{kind}", file = "{file}" }
  column  = "list"
  default = ""
}

let "missing" {
  in           = "listed"
  match        = { kind = "{kind}" }
  missing_from = { named = "{list} {opposite}" }
  any_case     = true
  column       = "named"
}

# What else is missing, so that one look is enough.
let "another" {
  in           = "listed"
  match        = { kind = "{kind}" }
  missing_from = { named = "{list} {opposite} {missing}" }
  any_case     = true
  column       = "named"
  default      = ""
}

let "third" {
  in           = "listed"
  match        = { kind = "{kind}" }
  missing_from = { named = "{list} {opposite} {missing} {another}" }
  any_case     = true
  column       = "named"
  default      = ""
}

forbid "lacks" {
  path    = "missing"
  present = true
  at      = "list"

  # Names alone, with commas between them, or one to a line. A number of them beside the list would be wrong then.
  fix {
    safety = "display"
    when {
      path    = "list"
      matches = "^[\\w-]+(?:,\\s+[\\w-]+)*$"
      all {
        path    = "number"
        present = true
      }
    }
    after = { list = ", {missing}" }
  }

  fix {
    safety = "display"
    when {
      path    = "list"
      matches = "^(?:- [^\\n]+\\n)+$"
      all {
        path    = "number"
        present = true
      }
    }
    after = { list = "- {missing}\n" }
  }

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
  when {
    text    = "{third}"
    matches = "."
  }
  message = "this list lacks the {kind} `{missing}`, and also `{another}`, `{third}` and perhaps more"
  help    = "add what the code has, or say that these are some of them"
}

case "lacks" {
  when {
    text    = "{another}"
    matches = "."
  }
  message = "this list lacks the {kind} `{missing}`, and also `{another}`"
  help    = "add what the code has, or say that these are some of them"
}

case "lacks" {
  message = "this list lacks the {kind} `{missing}`"
  help    = "add what the code has, or say that these are some of them"
}
