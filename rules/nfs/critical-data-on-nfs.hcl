summary    = "database, name server or alerting keeps its data on NFS"
convention = "B14"
severity   = "error"
facts      = "repo"

select "object" {
  kinds = ["Deployment", "StatefulSet", "DaemonSet"]
}

each "container" { path = "spec.template.spec.containers[*]" }

let "image" { path = "container.image" }

let "repository" {
  path    = "image"
  capture = "^(?:[^/@]+/)*[^/:@]+"
}

where {
  any {
    all {
      path = "image"
      like = param.critical_images
    }
    all {
      text = "{repository}:"
      like = param.critical_images
    }
  }
}

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

each "volume" { path = ["spec.template.spec.volumes[*]", "spec.volumeClaimTemplates[*]"] }

let "mounted" { path = ["volume.name", "volume.metadata.name"] }

# What another container of the pod mounts is that one's.
unless {
  path    = "container.volumeMounts"
  present = true
  not {
    path   = "container.volumeMounts[*].name"
    equals = "{mounted}"
  }
}

# Of a template of a stateful set, its class; of what the pod mounts without a claim, the directory.
each "claim" {
  path = ["volume.persistentVolumeClaim.claimName", "volume.spec.storageClassName", "volume.nfs.path", "volume.csi.volumeAttributes.share"]
}

# Copies go there on purpose.
unless {
  path = "claim"
  like = ["*backup*"]
}

unknown {
  because = "nothing in the repo declares claim `{claim}` in namespace `{namespace}`"
  not {
    path    = ["volume.nfs", "volume.csi"]
    present = true
  }
  not {
    exists {
      in    = "claims"
      match = { named = "{claim}", namespace = "{namespace}" }
    }
  }
}

let "class" {
  in      = "claims"
  match   = { named = "{claim}", namespace = "{namespace}" }
  column  = "class"
  default = "none"
}

forbid "claim" {
  any {
    all {
      path    = "volume.nfs"
      present = true
    }
    all {
      path   = "volume.csi.driver"
      equals = param.driver
    }
    all {
      path   = "class"
      one_of = param.nfs_classes
    }
    exists {
      in    = "claims"
      match = { named = "{claim}", namespace = "{namespace}", class = param.by_hand }
    }
  }
  at = "claim"
}

case "claim" {
  when {
    path    = ["volume.nfs", "volume.csi"]
    present = true
  }
  message = "`{name}` keeps data on NFS (`{claim}`): a lost connection tears its files, and it is away whenever the server is"
  help    = "mount a claim on a block storage class"
}

case "claim" {
  when {
    not {
      path   = "class"
      one_of = param.nfs_classes
    }
  }
  message = "`{name}` keeps data on NFS (claim `{claim}`, whose volume is written by hand): a lost connection tears its files, and it is away whenever the server is"
  help    = "write a claim on a block storage class"
}

case "claim" {
  when {
    path   = "claim"
    equals = "{class}"
  }
  message = "`{name}` keeps data on NFS (class `{class}`): a lost connection tears its files, and it is away whenever the server is"
  help    = "write a block storage class"
}

case "claim" {
  message = "`{name}` keeps data on NFS (claim `{claim}`, class `{class}`): a lost connection tears its files, and it is away whenever the server is"
  help    = "write a claim on a block storage class"
}
