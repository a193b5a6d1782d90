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
