summary = "what the repo's Kubernetes objects say about themselves, for the rules of other packs"

# The pods of everything that runs some, one by one.
selector "pod" {
  select "object" {
    kinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob", "Pod"]
  }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  each "pod" { path = ["spec", "spec.template.spec", "spec.jobTemplate.spec.template.spec"] }
}

# Every namespace the repo declares.
gather "namespaces" {
  label = "the namespace is declared here"
  select "object" { kinds = ["Namespace"] }
  let "named" { path = "metadata.name" }
  # One whose name is not known is none that anybody names.
  where {
    certain {
      path    = "named"
      matches = "."
    }
  }
  let "labels" { path = "metadata.labels" }
  let "annotations" { path = "metadata.annotations" }
}

# Every admission policy, by its name: what it does to objects happens only where it is declared.
gather "admission_policies" {
  label = "the policy is declared here"
  select "object" { kinds = ["ClusterPolicy", "Policy"] }
  let "named" { path = "metadata.name" }
}

# Every workload that runs for long.
gather "workloads" {
  label = "the workload is declared here"
  select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet"] }
  let "named" { path = "metadata.name" }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  let "labels" { path = "metadata.labels" }
  let "annotations" { path = "metadata.annotations" }
  let "pod_labels" { path = "spec.template.metadata.labels" }
}

# Every volume claim.
gather "claims" {
  label = "the claim is declared here"
  select "object" { kinds = ["PersistentVolumeClaim"] }
  let "named" { path = "metadata.name" }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  let "class" { path = "spec.storageClassName" }
  let "mode" { path = "spec.accessModes[0]" }
}

# Every service, and each of its ports.
gather "services" {
  label = "the service is declared here"
  select "object" { kinds = ["Service"] }
  let "named" { path = "metadata.name" }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  let "type" {
    path    = "spec.type"
    default = "ClusterIP"
  }
  let "selector" { path = "spec.selector" }
}

# The parts of charts in their values that are not switched off, as a whole or with what they are in; the chart itself is one.
selector "chart_part" {
  select "resource" { types = ["helm_release"] }
  each "around" { path = ["values[*]", "values[*].*"] }
  unless {
    path   = "around.enabled"
    equals = false
  }
  each "part" { path = ["around", "around.*"] }
  # A value that is not known is none: which releases cannot be read is told often enough.
  where {
    certain {
      path    = "part.*"
      present = true
    }
  }
  unless {
    path   = "part.enabled"
    equals = false
  }
}

# The volumes that the values of a chart ask for: what the part is called whose pods mount it, and what that is in;
# what it runs, and the class.
gather "chart_volumes" {
  label = "the chart is told so here"
  from {
    select "selector" { of = "chart_part" }
    let "called" { text = "{part_key}" }
    let "image" {
      path    = ["part.image.repository", "part.image"]
      default = "none"
    }
    let "within" { text = "{around_key}" }
    each "store" { path = ["part.persistence", "part.persistentVolume"] }
    unless {
      path   = "store.enabled"
      equals = false
    }
    each "class" { path = ["store.storageClass", "store.storageClassName", "store.*.storageClass"] }
    let "modes" { path = ["store.accessMode", "store.accessModes"] }
  }
  from {
    select "resource" { types = ["helm_release"] }
    each "given" { path = "set[*]" }
    where {
      path    = "given.name"
      matches = "\\.(?:persistence|persistentVolume)\\.(?:\\w+\\.)?storageClass(?:Name)?$"
    }
    let "called" {
      path    = "given.name"
      capture = "^(?<value>[\\w-]+)\\."
    }
    let "within" { text = "{called}" }
    let "image" { text = "none" }
    let "class" { path = "given.value" }
  }
  let "chart" { path = "chart" }
}
