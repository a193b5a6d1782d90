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

where {
  path    = "command.name"
  matches = "(?:^|/)(?:kubectl|helm)$"
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
    path    = "command.name"
    matches = "kubectl$"
  }
  path   = "command.words[*]"
  one_of = param.kubectl_changes
}

forbid "helm" {
  when {
    path    = "command.name"
    matches = "helm$"
  }
  path   = "command.words[*]"
  one_of = ["upgrade", "install"]
}

case "kubectl" {
  message = "`kubectl {value}` in a provisioner changes the cluster, and Terraform does not know: nothing shows what has become of it"
  help    = "declare the object as a resource, or say in a control comment why this cannot be one"
}

case "helm" {
  message = "`helm {value}` in a provisioner changes the cluster, and Terraform does not know: nothing shows what has become of it"
  help    = "declare it as a `helm_release`, or say in a control comment why this cannot be one"
}
