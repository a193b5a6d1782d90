summary    = "sensitive data lies on a volume that is not encrypted"
convention = "B10"
severity   = "warning"
facts      = "repo"

select "object" {
  kinds = ["PersistentVolumeClaim", "StatefulSet", param.database_kinds]
}

# A claim has one, a stateful set one for each of its templates, a database of an operator one for each of its volumes.
each "class" {
  path = [
    "spec.storageClassName",
    "spec.volumeClaimTemplates[*].spec.storageClassName",
    "spec.storage.storageClass",
    "spec.walStorage.storageClass",
    "spec.storage.storageClassName",
    "spec.storage.volumeClaimTemplate.spec.storageClassName",
    "spec.datadirVolumeClaimTemplate.storageClassName",
  ]
}

where {
  path   = "class"
  one_of = param.plain_classes
}

let "named" { path = "metadata.name" }

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

forbid "plain" {
  any {
    exists {
      in    = "encrypted_services"
      match = { service = "{stack}" }
    }
    exists {
      in    = "sensitive_mounts"
      match = { claim = "{named}", namespace = "{namespace}" }
    }
    exists {
      in    = "sensitive_workloads"
      match = { by = "{stack} {address}" }
    }
    all {
      text   = "{kind}"
      one_of = param.database_kinds
    }
  }
  at = "class"
}

case "plain" {
  when {
    path    = "spec.volumeClaimTemplates"
    present = true
  }
  message = "stateful set `{named}` keeps sensitive data on a volume that is not encrypted: whoever has the disk, or a copy of it, reads it"
  help    = "make a new stateful set on `proxmox-lvm-encrypted`, and copy the data"
}

case "plain" {
  when {
    text   = "{kind}"
    one_of = param.database_kinds
  }
  message = "database `{named}` lies on a volume that is not encrypted: whoever has the disk, or a copy of it, reads it"
  help    = "make a new one on `proxmox-lvm-encrypted`, and copy the data"
}

case "plain" {
  message = "claim `{named}` holds sensitive data, and its volume is not encrypted: whoever has the disk, or a copy of it, reads it"
  help    = "make a new claim on `proxmox-lvm-encrypted`, and copy the data"
}
