summary    = "provisioner changes the cluster behind Terraform's back"
convention = "B37"
severity   = "info"
added      = "warning"

select "resource" {}

each "provisioner" { path = "provisioner" }

# Here, and on another host.
each "script" {
  path  = ["provisioner.command", "provisioner.inline[*]"]
  reads = "shell"
}

each "command" { path = "script.commands[*]" }

let "program" {
  path    = "command.name"
  capture = "[^/]+$"
}

let "said" {
  path   = "command.words[*]"
  joined = " "
}

# What only starts another program, or gives it to a shell here or elsewhere, has it among its words.
where {
  any {
    all {
      path   = "program"
      one_of = ["kubectl", "helm"]
    }
    all {
      all {
        path   = "program"
        one_of = [param.starters, param.shells]
      }
      all {
        path    = "said"
        matches = param.given_change
      }
    }
  }
}

# Behind another verb, words are no verbs.
unless {
  any {
    all {
      path   = "command.words[1]"
      one_of = param.kubectl_other
    }
    all {
      all {
        path    = "command.words[1]"
        matches = "^-"
      }
      all {
        path   = ["command.words[3]", "command.words[5]"]
        one_of = param.kubectl_other
      }
    }
    all {
      all {
        path    = "command.words[1]"
        matches = "^-.*="
      }
      all {
        path   = "command.words[2]"
        one_of = param.kubectl_other
      }
    }
  }
}

unless {
  certain {
    path    = "command.words[*]"
    matches = "^--dry-run"
  }
}

forbid "kubectl" {
  when {
    path   = "program"
    one_of = ["kubectl", param.starters]
  }
  path   = "command.words[*]"
  one_of = param.kubectl_changes
}

forbid "helm" {
  when {
    path   = "program"
    one_of = ["helm", param.starters]
    not {
      path    = "said"
      matches = "\\bkubectl\\b"
    }
  }
  path   = "command.words[*]"
  one_of = ["upgrade", "install"]
}

# In one word of it.
forbid "given" {
  when {
    path   = "program"
    one_of = [param.starters, param.shells]
  }
  path    = "command.words[*]"
  matches = "${param.given_change}.*\\s"
  not {
    path     = "said"
    contains = "--dry-run"
  }
}

case "given" {
  message = "`{value}` in a provisioner changes the cluster, and Terraform does not know: nothing shows what has become of it"
  help    = "declare the object as a resource, or say in a control comment why this cannot be one"
}

case "kubectl" {
  message = "`kubectl {value}` in a provisioner changes the cluster, and Terraform does not know: nothing shows what has become of it"
  help    = "declare the object as a resource, or say in a control comment why this cannot be one"
}

case "helm" {
  message = "`helm {value}` in a provisioner changes the cluster, and Terraform does not know: nothing shows what has become of it"
  help    = "declare it as a `helm_release`, or say in a control comment why this cannot be one"
}
