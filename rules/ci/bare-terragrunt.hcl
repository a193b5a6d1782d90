summary    = "pipeline calls Terragrunt without the wrapper"
convention = "B38"
severity   = "error"
facts      = "repo"

select "row" { of = "calls" }

where {
  path   = "program"
  one_of = ["terragrunt", param.starters]
}

where {
  path    = "command.words[*]"
  matches = "(?:^|/)terragrunt$"
}

let "wrapper" { text = param.wrapper }

# Without a wrapper there is nothing to go past.
where {
  exists { in = "wrapper" }
}

forbid "bare" {
  path   = "command.words[*]"
  one_of = ["plan", "apply", "destroy", "refresh", "import", "state", "output", "taint", "untaint", "force-unlock"]
  at     = "command.name"

  # Only where the step stays in the root, its path is known.
  fix {
    when {
      all {
        path   = "program"
        equals = "terragrunt"
      }
      not {
        path    = ["step.commands", "step.commands[*]"]
        matches = "\\b(?:cd|pushd)\\b"
      }
      all {
        path    = "step.directory"
        present = false
      }
    }
    replace = "{wrapper}"
  }
}

case "bare" {
  message = "`terragrunt {value}` goes past the wrapper: what `{wrapper}` sets and checks for every stack is missing"
  help    = "call `{wrapper} {value}` instead"
}
