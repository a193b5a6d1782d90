summary    = "live value names storage that is gone"
convention = "C33"
severity   = "warning"
facts      = "repo"

select "text" {
  files = [
    "**/*.{tf,tf.json}", "**/*.hcl", "**/*.tfvars", "**/*.tpl", "**/*.tftpl", "**/*.yaml", "**/*.yml", "**/*.sh", "**/*.service",
    "**/*.timer", "**/*.conf", "scripts/**",
  ]
  words   = param.retired_names
  matches = "(?:^|[^A-Za-z0-9._/-])(?<at>(?<token>(?:iscsi-truenas|nfs-proxmox|10\\.0\\.10\\.15|/mnt/main)[A-Za-z0-9._/-]*))"
}

# What only people read.
unless {
  text   = "{key}"
  one_of = ["description", "error_message"]
}

# The name, of a path below the directory that one's.
let "whole" {
  path    = "token"
  capture = "^/mnt/main|^[^/].*"
}

# What the tree still declares is not gone.
unless {
  exists {
    in    = "living_storage"
    match = { named = "{whole}" }
  }
}

let "below" {
  path    = "token"
  capture = "^/mnt/main(?<value>.*)$"
}

let "root" { text = param.export_root }

forbid "retired" {
  path = "token"
  like = param.retired_patterns

  # A claim of another class is another claim, and an address has a variable.
  fix {
    when {
      text    = "{token}"
      matches = "^/mnt/main"
    }
    replace = "{root}{below}"
  }
}

case "retired" {
  message = "`{token}` is storage that is gone: nothing can be mounted, made or copied there"
  help    = "write what replaced it, such as a path below `/srv/nfs` or the class `nfs-truenas`"
}
