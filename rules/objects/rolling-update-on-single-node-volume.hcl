summary    = "deployment rolls over, or runs twice, on a volume that only one node can mount"
convention = "B08"
severity   = "error"
facts      = "repo"

select "object" {
  kinds = ["Deployment", "StatefulSet"]
}

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

let "called" { path = "metadata.name" }

# A pod that stays on its node has its volume there.
unless {
  any {
    all {
      path    = ["spec.template.spec.nodeName", "spec.template.spec.nodeSelector[\"kubernetes.io/hostname\"]"]
      present = true
    }
    all {
      path    = "spec.template.spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution"
      present = true
    }
    all {
      path   = "spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[*].matchExpressions[*].key"
      equals = "kubernetes.io/hostname"
    }
  }
}

unknown {
  because = "nothing in the repo declares a claim that `{name}` mounts: whether only one node can mount it is not known"
  exists {
    in    = "kubernetes.mounts"
    match = { by = "{stack} {address}", declared = "no" }
  }
  not {
    exists {
      in    = "kubernetes.attached_claims"
      match = { named = { path = "spec.template.spec.volumes[*].persistentVolumeClaim.claimName" }, namespace = "{namespace}" }
    }
  }
  not {
    path   = "spec.strategy.type"
    equals = "Recreate"
  }
  all {
    text    = "{kind}"
    matches = param.rolling_kinds
  }
}

where {
  exists {
    in    = "kubernetes.attached_claims"
    match = { named = { path = "spec.template.spec.volumes[*].persistentVolumeClaim.claimName" }, namespace = "{namespace}" }
  }
}

# A claim of another stack is one of the same cluster.
where {
  any {
    exists { in = "whole_clusters" }
    exists {
      in    = "kubernetes.attached_claims"
      match = { named = { path = "spec.template.spec.volumes[*].persistentVolumeClaim.claimName" }, namespace = "{namespace}", stack = "{stack}" }
    }
    exists {
      in    = "single_namespaces"
      match = { namespace = "{namespace}" }
    }
  }
}

# One claim is enough to say it.
let "mounted" {
  in     = "kubernetes.attached_claims"
  match  = { named = { path = "spec.template.spec.volumes[*].persistentVolumeClaim.claimName" }, namespace = "{namespace}" }
  column = "named"
}

# A stateful set ends a pod before it starts its successor.
require "unset" {
  when {
    text    = "{kind}"
    matches = param.rolling_kinds
  }
  path    = "spec.strategy.type"
  present = true

  fix {
    set = { "spec.strategy.type" = "Recreate" }
  }
}

require "rolls" {
  when {
    path    = "spec.strategy.type"
    present = true
    all {
      text    = "{kind}"
      matches = param.rolling_kinds
    }
    # Without a pod too many, the old one goes first.
    not {
      path   = "spec.strategy.rollingUpdate.maxSurge"
      one_of = [0, "0%"]
    }
  }
  path   = "spec.strategy.type"
  equals = "Recreate"

  fix {
    when {
      path    = "spec.strategy.rollingUpdate"
      present = true
    }
    delete  = "spec.strategy.rollingUpdate"
    replace = "Recreate"
  }

  fix { replace = "Recreate" }
}

forbid "replicas" {
  path  = "spec.replicas"
  above = 1
  as    = "number"
}

# What something else scales has as many as that says.
forbid "scaled" {
  exists {
    in    = "kubernetes.scalers"
    match = { target = "{called}", namespace = "{namespace}" }
  }
  underline = "subject"
}

case "scaled" {
  message = "`{name}` is scaled beyond one pod, and claim `{mounted}` can be mounted on one node only: the second pod waits for the first to end"
  help    = "take the autoscaler away, or move the data to a volume that can be shared"
}

case "unset" {
  message = "deployment `{name}` has no strategy and so rolls over, while claim `{mounted}` can be mounted on one node only: the new pod waits for the old one, which waits for the new one"
  help    = "write `strategy {{ type = \"Recreate\" }}` in `spec`"
}

case "rolls" {
  message = "deployment `{name}` is replaced by `{value}`, while claim `{mounted}` can be mounted on one node only: the new pod waits for the old one, which waits for the new one"
  help    = "write `type = \"Recreate\"`"
}

case "replicas" {
  message = "`{name}` has `{value}` replicas on claim `{mounted}`, which can be mounted on one node only"
  help    = "write `replicas = 1`, or move the data to a volume that can be shared"
}
