summary    = "sensitive data lies on a volume that is not encrypted"
convention = "B10"
severity   = "warning"
facts      = "repo"

select "object" {
  kinds = ["PersistentVolumeClaim"]
}

where {
  path   = "spec.storageClassName"
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
  }
  at = "spec.storageClassName"
}

case "plain" {
  message = "claim `{named}` holds sensitive data, and its volume is not encrypted: whoever has the disk, or a copy of it, reads it"
  help    = "make a new claim on `proxmox-lvm-encrypted`, and copy the data"
}
