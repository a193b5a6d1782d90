summary    = "pod mounts NFS directly, with the mount options of nobody's choice"
convention = "C29"
severity   = "error"

select "object" {
  kinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob", "Pod"]
}

forbid "inline" {
  derive = false
  path = [
    "spec.template.spec.volumes[*].nfs",
    "spec.jobTemplate.spec.template.spec.volumes[*].nfs",
    "spec.volumes[*].nfs",
  ]
  present   = true
  underline = "key"
}

case "inline" {
  message = "`{name}` mounts NFS without mount options: a hard mount, which no signal can end when the server is away"
  help    = "call the module `nfs_volume` and mount its claim"
}
