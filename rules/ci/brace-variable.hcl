summary    = "pipeline fills in a variable of the shell before the shell can"
convention = "C53"
severity   = "error"
facts      = "repo"

select "text" {
  files = param.pipelines
  words = ["$${"]
  # A comment of the shell is passed over as a whole.
  matches = "(?m)(?:^|\\s)#[^\\n]*|(?:^|[^$])(?P<at>(?P<found>\\$\\{[#!]?(?P<named>[A-Za-z_]\\w*)[^}\\n]*\\}))"
  zones   = ["code", "string"]
}

where {
  exists {
    in    = "assigned"
    match = { name = "{named}", file = "{file}" }
  }
}

forbid "braces" {
  text    = "{named}"
  matches = "."

  # What looks like an entry may be one of the step's `environment`, which no shell reads.
  fix {
    safety = "display"
    when {
      text    = "{before}"
      matches = "^\\s*[A-Za-z_][A-Za-z0-9_]*:(?:\\s|$)"
    }
    replace = "$${found}"
  }

  fix {
    replace = "$${found}"
  }
}

case "braces" {
  when {
    text    = "{found}"
    matches = "^..[#!]"
  }
  message = "`{found}` is filled in before the shell runs, when `{named}` has no value yet: what the shell puts into it is never seen"
  help    = "write `$${found}`, which leaves one `$` to the shell"
}

case "braces" {
  message = "`{found}` is filled in before the shell runs, when `{named}` has no value yet: what the shell puts into it is never seen"
  help    = "write `$${named}` without braces, or `$${found}`, which leaves one `$` to the shell"
}
