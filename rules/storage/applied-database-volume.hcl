summary    = "database that a command applies lies on a volume that is not encrypted, or on the disk of a node"
convention = "B10"
severity   = "warning"

select "resource" { types = ["null_resource", "terraform_data"] }

each "script" {
  path  = "provisioner[*].command"
  reads = "shell"
}

each "document" {
  path  = "script.heredocs[*].body"
  reads = "yaml_template"
}

where {
  path   = "document.kind"
  one_of = param.database_kinds
}

let "database" {
  path    = "document.metadata.name"
  default = "database"
}

forbid "plain" {
  path   = ["document.spec.**.storageClass", "document.spec.**.storageClassName"]
  one_of = param.plain_classes
}

require "unsaid" {
  when {
    path    = "document.spec.storage"
    present = true
  }
  path = [
    "document.spec.storage.storageClass", "document.spec.storage.storageClassName", "document.spec.storage.pvcTemplate.storageClassName",
    "document.spec.storage.volumeClaimTemplate.spec.storageClassName",
  ]
  present = true
}

case "unsaid" {
  severity = "error"
  message  = "`{database}` has no storage class: its volume is made on the node's own disk, dies with it, and is in no backup"
  help     = "write `storageClass`"
}

case "plain" {
  message = "`{database}` lies on a volume that is not encrypted: whoever has the disk, or a copy of it, reads it"
  help    = "write `proxmox-lvm-encrypted`; of a database that is there, make a new one and copy the data"
}
