summary    = "NFS volume is outside the server's exports"
convention = "C31"
severity   = "warning"
facts      = "repo"

select "module" {
  source = [param.volume_module]
}

where {
  path    = "nfs_path"
  present = true
}

let "exported" { path = "nfs_path" }

require "outside" {
  any {
    all {
      # What goes up again may come out anywhere.
      not {
        path    = "nfs_path"
        matches = "(?:^|/)\\.\\.(?:/|$)"
      }
      any {
        all {
          path = "nfs_path"
          like = param.export_roots
        }
        # An older server that is still there.
        exists {
          in     = "living_roots"
          covers = { pattern = "{exported}" }
        }
      }
    }
    comment {
      path    = "nfs_path"
      matches = "\\w{3}"
    }
  }
  at = "nfs_path"

  fix {
    safety = "display"
    above  = { nfs_path = "TODO whose server this is, and who copies it" }
  }
}

case "outside" {
  when {
    path    = "nfs_path"
    matches = "(?:^|/)\\.\\.(?:/|$)"
  }
  message = "`{exported}` goes up with `..`: where that leads is the server's business, and what backs up data looks below the exports"
  help    = "write the path that is meant, below `/srv/nfs` or `/srv/nfs-ssd`"
}

case "outside" {
  message = "`{exported}` is below none of the server's exports: the mount fails, or its data is on a server that nobody backs up"
  help    = "write a path below `/srv/nfs` or `/srv/nfs-ssd`, or a comment beside it that says whose server it is"
}
