summary    = "database, name server or alerting keeps its data on NFS"
convention = "B14"
severity   = "error"
facts      = "repo"

select "object" {
  kinds = ["Deployment", "StatefulSet", "DaemonSet"]
}

each "image" { path = "spec.template.spec.containers[*].image" }

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

# Of a template of a stateful set, its class.
each "claim" {
  path = ["spec.template.spec.volumes[*].persistentVolumeClaim.claimName", "spec.volumeClaimTemplates[*].spec.storageClassName"]
}

# Copies go there on purpose.
unless {
  path = "claim"
  like = ["*backup*"]
}

unknown {
  because = "nothing in the repo declares claim `{claim}` in namespace `{namespace}`"
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
  path   = "class"
  one_of = param.nfs_classes
  at     = "claim"
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
