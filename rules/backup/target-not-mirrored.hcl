summary    = "copies go where the mirror does not look"
convention = "E16"
severity   = "warning"
facts      = "repo"

select "module" { source = [param.volume_module] }

let "directory" {
  path    = "nfs_path"
  capture = "^/srv/nfs(?<value>(?:/[^/]+)*/[^/]*backups?)/?$"
}

where {
  path    = "directory"
  present = true
}

unless {
  path   = "directory"
  one_of = param.unmirrored_copies
}

# What is left out is left out with all below it.
let "top" {
  path    = "directory"
  capture = "^/[^/]+"
}

forbid "excluded" {
  any {
    exists {
      in    = "unmirrored"
      match = { directory = "{directory}" }
    }
    exists {
      in    = "unmirrored"
      match = { directory = "{top}" }
    }
  }
  at = "nfs_path"
}

case "excluded" {
  message = "copies are written to `{directory}`, which the mirror of the file server leaves out: they are on the same disks as what they are copies of"
  help    = "take the exclusion out, or say in `unmirrored_copies` that nobody needs them"
}
