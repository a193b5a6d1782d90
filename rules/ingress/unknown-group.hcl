summary    = "`allowed_groups` names a group that does not exist"
convention = "C01"
severity   = "error"

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

require "unknown" {
  any {
    all {
      path = "group"
      in   = "groups.named"
    }
    all {
      path = "group"
      in   = "ui_groups.named"
    }
  }
}

case "unknown" {
  message = "there is no group `{value}`, so nobody in it gets past the login of `{name}`"
  help    = "name a group that an `authentik_group` or the list of groups made by hand has (nearest: `{near}`)"
}
