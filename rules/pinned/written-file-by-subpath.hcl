summary    = "file that the app writes to is mounted by `subPath`"
convention = "E27"
severity   = "error"

select "selector" { of = "kubernetes.pod" }

each "mount" { path = ["pod.containers[*].volumeMounts[*]", "pod.initContainers[*].volumeMounts[*]"] }

where {
  path = "mount.mountPath"
  like = param.written_by_app
}

forbid "mounted" {
  derive    = false
  path      = ["mount.subPath", "mount.subPathExpr"]
  present   = true
  underline = "key"
}

case "mounted" {
  message = "`{name}` mounts a file by `subPath` that the app writes to: the mount is read-only, and the app fails when it saves its settings"
  help    = "copy the file into a volume in an init container, and mount that"
}
