summary    = "default of `allowed_groups` names a group that does not exist"
convention = "C01"
severity   = "error"
facts      = "repo"

select "block" {
  type   = "variable"
  labels = ["allowed_groups"]
  files  = param.factory_files
}

each "group" {
  path = "default[*]"
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
  message = "there is no group `{value}`: every call that names no groups of its own lets nobody in"
  help    = "did you mean `{near}`? a group that was made by hand belongs in the list of those"
}

case "unknown" {
  message = "there is no group `{value}`: every call that names no groups of its own lets nobody in"
  help    = "name a group that exists; one that was made by hand belongs in the list of those"
}
