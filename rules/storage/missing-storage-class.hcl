summary    = "claim does not say its storage class, and so is made on the disk of one node"
convention = "C30"
severity   = "error"

select "object" {
  kinds = ["PersistentVolumeClaim", "StatefulSet"]
}

each "claimed" {
  path = ["spec.volumeClaimTemplates[*].spec", "spec"]
}

# The `spec` of a stateful set is no claim.
where {
  path    = ["claimed.accessModes", "claimed.resources"]
  present = true
}

# Bound to a volume by its name, it is made nowhere.
unless {
  path    = "claimed.volumeName"
  present = true
}

require "missing" {
  path    = "claimed.storageClassName"
  present = true

  fix {
    safety = "display"
    title  = "write a `storage_class_name`"
    set    = { "claimed.storageClassName" = "…" }
  }
}

case "missing" {
  # Of a manifest whose name is not known.
  when {
    text  = "{name}"
    empty = true
  }
  message = "a claim of `{address}` has no storage class: it is made on the node's own disk, dies with it, and is in no backup"
  help    = "write `storage_class_name`"
}

case "missing" {
  message = "a claim of `{name}` has no storage class: it is made on the node's own disk, dies with it, and is in no backup"
  help    = "write `storage_class_name`"
}
