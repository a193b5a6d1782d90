summary    = "cron job installs packages at every run"
convention = "B49"
severity   = "warning"

select "object" { kinds = ["CronJob"] }

let "schedule" {
  path    = "spec.schedule"
  default = "…"
}

let "pod" { path = "spec.jobTemplate.spec.template.spec" }

each "container" { path = ["pod.containers", "pod.initContainers"] }

each "command" { path = ["container.command[*]", "container.args[*]"] }

# Most commands name nothing that could install a package.
where {
  path    = "command"
  matches = "\\b(?:${param.installers})\\b"
}

let "install" {
  path    = "command"
  capture = "${param.command_begins}(?P<value>(?:\\S*/)?(?:${param.installers})${param.install_words})${param.command_ends}"
}

forbid "installs" {
  any {
    all {
      path    = "install"
      present = true
    }
    # Without a shell, word by word.
    all {
      all {
        path   = ["container.command[*]", "container.args[*]"]
        one_of = ["add", "install", "i", "ci"]
      }
      not {
        path   = ["container.command[*]", "container.args[*]"]
        one_of = ["run", "run-script", "exec"]
      }
      all {
        path    = "command"
        matches = "^(?:\\S*/)?(?:${param.installers})$"
      }
    }
    # In a script of which other parts are not known.
    all {
      path    = "command"
      matches = "(?m)^[ \\t]*(?:${param.installers})${param.install_words}[ \\t]"
    }
  }
}

case "installs" {
  severity = "info"
  when {
    path   = "spec.suspend"
    equals = true
  }
  message = "`{name}` installs packages at every run of `{schedule}`, were it not suspended"
  help    = "build an image that holds the packages before it runs again"
}

case "installs" {
  when {
    path    = "command"
    matches = "^\\S+$"
  }
  message = "`{name}` installs packages with `{command}` at every run of `{schedule}`: it is as slow and as available as the mirror, and writes to the node's disk each time"
  help    = "build an image that holds the packages, or take one that does"
}

case "installs" {
  when {
    certain {
      path    = "install"
      present = true
    }
  }
  message = "`{name}` runs `{install}` at every run of `{schedule}`: it is as slow and as available as the mirror, and writes to the node's disk each time"
  help    = "build an image that holds the packages, or take one that does"
}

case "installs" {
  message = "`{name}` installs packages at every run of `{schedule}`: it is as slow and as available as the mirror, and writes to the node's disk each time"
  help    = "build an image that holds the packages, or take one that does"
}
