summary    = "command that does not run again when it is edited"
convention = "D07"
severity   = "warning"

select "resource" { types = ["null_resource", "terraform_data"] }

each "runs" { path = "provisioner" }

where {
  path    = "runs.command"
  present = true
}

# What runs before the resource is destroyed runs as it is written then.
unless {
  path    = "runs.when"
  present = true
}

# What it says is a trigger itself.
unless {
  path      = "runs.command"
  refers_to = ["self.triggers*", "self.input*"]
}

require "inert" {
  any {
    all {
      path    = ["triggers", "triggers_replace"]
      calls   = param.hashes
      through = true
    }
    # What another resource holds may well be a hash.
    all {
      path      = ["triggers", "triggers_replace"]
      refers_to = ["terraform_data.*"]
      through   = true
    }
    # A local may hold the command.
    all {
      all {
        path      = ["triggers", "triggers_replace"]
        refers_to = ["local.*"]
      }
      all {
        path      = "runs"
        refers_to = ["local.*"]
      }
    }
    all {
      path    = "lifecycle.replace_triggered_by"
      present = true
    }
  }
  at      = "triggers"
  related = { "runs.command" = "an edit here is not applied" }

  fix {
    safety = "display"
    when {
      path    = "triggers"
      present = true
    }
    set_expression = { "triggers.script" = "sha256(local.script)" }
  }

  fix {
    safety = "display"
    when {
      all {
        path    = "triggers_replace"
        present = false
      }
      all {
        text   = "{kind}"
        equals = "terraform_data"
      }
    }
    set_expression = { triggers_replace = "[sha256(local.script)]" }
  }

  fix {
    safety = "display"
    when {
      text   = "{kind}"
      equals = "null_resource"
    }
    set_expression = { triggers = "{{ script = sha256(local.script) }}" }
  }
}

case "inert" {
  message = "nothing in the triggers of `{address}` depends on what its command says: an edit of the command plans no change and never runs"
  help    = "add `script = sha256(local.script)` to `triggers`, and use the same local as the command"
}
