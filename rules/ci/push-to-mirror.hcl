summary    = "pipeline pushes to a repository that only mirrors"
convention = "C54"
severity   = "error"

select "selector" { of = "command" }

where {
  path    = "command.name"
  matches = "(?:^|/)git$"
}

where {
  any {
    all {
      path   = ["command.words[1]", "command.words[2]"]
      one_of = ["push", "set-url"]
    }
    all {
      all {
        path   = "command.words[1]"
        one_of = ["-C", "-c"]
      }
      all {
        path   = ["command.words[3]", "command.words[4]"]
        one_of = ["push", "set-url"]
      }
    }
  }
}

let "canonical" { text = param.canonical }

forbid "mirror" {
  path    = "command.words[*]"
  matches = param.mirror

  fix {
    safety  = "display"
    replace = "{canonical}"
  }
}

case "mirror" {
  message = "`{value}` only mirrors: what is pushed there is overwritten by the next mirrored push, and is lost"
  help    = "push to `https://forgejo.viktorbarzin.me/viktor/infra.git`"
}
