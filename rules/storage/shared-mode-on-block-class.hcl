summary    = "claim on a block device is to be mounted by several nodes"
convention = "E15"
severity   = "error"
facts      = "stack"

select "row" { of = "disk_modes" }

forbid "shared" {
  path   = "mode"
  one_of = ["ReadWriteMany", "ReadOnlyMany"]

  # Beside another mode it is taken out by hand.
  fix {
    when {
      path    = "second"
      present = false
    }
    replace = "ReadWriteOnce"
  }
}

case "shared" {
  message = "`{class}` makes disks, and a disk is mounted by one node: with `{value}` the claim is never bound"
  help    = "write `ReadWriteOnce`, or take a class of a file server such as `nfs-truenas`"
}
