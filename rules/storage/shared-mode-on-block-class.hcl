summary    = "claim on a block device is to be mounted by several nodes"
convention = "E15"
severity   = "error"

select "object" { kinds = ["PersistentVolumeClaim", "StatefulSet"] }

each "claim" { path = ["spec", "spec.volumeClaimTemplates[*].spec"] }

where {
  path   = "claim.storageClassName"
  one_of = param.block_classes
}

let "class" { path = "claim.storageClassName" }

forbid "shared" {
  path   = "claim.accessModes[*]"
  one_of = ["ReadWriteMany", "ReadOnlyMany"]

  # Beside another mode it is taken out by hand.
  fix {
    when {
      path          = "claim.accessModes"
      items_at_most = 1
    }
    replace = "ReadWriteOnce"
  }
}

case "shared" {
  message = "`{class}` makes disks, and a disk is mounted by one node: with `{value}` the claim is never bound"
  help    = "write `ReadWriteOnce`, or take a class of a file server such as `nfs-truenas`"
}
