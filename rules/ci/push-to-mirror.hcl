summary    = "pipeline pushes to a repository that only mirrors"
convention = "C54"
severity   = "error"
facts      = "repo"

select "row" { of = "mirror_pushes" }

let "canonical" { text = param.canonical }

forbid "mirror" {
  path    = "target"
  matches = param.mirror

  fix {
    safety  = "display"
    replace = "{canonical}"
  }
}

# Of an address that a variable is part of.
forbid "built" {
  when {
    not {
      certain {
        path    = "target"
        matches = param.mirror
      }
    }
  }
  path    = "target"
  present = true
}

case "built" {
  message = "this address is that of a mirror: what is pushed there is overwritten by the next mirrored push, and is lost"
  help    = "push to `https://forgejo.viktorbarzin.me/viktor/infra.git`"
}

case "mirror" {
  message = "`{value}` only mirrors: what is pushed there is overwritten by the next mirrored push, and is lost"
  help    = "push to `https://forgejo.viktorbarzin.me/viktor/infra.git`"
}
