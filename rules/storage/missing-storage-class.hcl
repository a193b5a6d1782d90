summary    = "claim does not say its storage class, and so is made on the disk of one node"
convention = "C30"
severity   = "error"

select "object" {
  kinds = ["PersistentVolumeClaim", "StatefulSet", param.database_kinds]
}

# Of a database that an operator runs, what it makes claims of.
each "claimed" {
  path = ["spec.volumeClaimTemplates[*].spec", "spec.storage", "spec.walStorage", "spec.storage.pvcTemplate", "spec"]
}

# The `spec` of a stateful set or a database is no claim.
where {
  path    = ["claimed.accessModes", "claimed.resources", "claimed.size"]
  present = true
}

unless {
  text    = "{kind}"
  one_of  = param.database_kinds
  all {
    text   = "{claimed_key}"
    equals = "spec"
  }
}

# Bound to a volume by its name, it is made nowhere.
unless {
  path    = "claimed.volumeName"
  present = true
}

require "missing" {
  path    = ["claimed.storageClassName", "claimed.storageClass", "claimed.pvcTemplate.storageClassName"]
  present = true

  fix {
    when {
      not {
        text   = "{kind}"
        one_of = param.database_kinds
      }
    }
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
