summary    = "`allowed_groups` names a group that does not exist"
convention = "C01"
severity   = "error"
facts      = "repo"

select "module" {
  source = param.factory
}

# What the factory lets in when a call says nothing is not the call's fault.
where {
  path    = "allowed_groups"
  present = true
}

each "group" {
  path = "allowed_groups[*]"
}

unknown {
  because = "there is no list of the groups that were made by hand, and `{group}` may be one of them"
  not {
    exists { in = "ui_groups" }
  }
  not {
    exists {
      in    = "groups"
      match = { named = "{group}" }
    }
  }
}

require "unknown" {
  path = "group"
  in   = "groups.named"
}

case "unknown" {
  when {
    text    = "{near}"
    present = true
  }
  message = "there is no group `{value}`, so nobody in it gets past the login of `{name}`"
  help    = "did you mean `{near}`? a group that was made by hand belongs in the list of those"
}

case "unknown" {
  message = "there is no group `{value}`, so nobody in it gets past the login of `{name}`"
  help    = "name a group that exists; one that was made by hand belongs in the list of those"
}
