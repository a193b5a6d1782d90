summary = "what the repo's Kubernetes objects say about themselves, for the rules of other packs"

params {
  # Files with objects of Kubernetes that something else than Terraform applies, and where objects name a namespace.
  manifest_files  = ["**/*.{yaml,yml}"]
  namespace_paths = ["metadata.namespace", "spec.destination.namespace", "spec.targetNamespace", "namespace"]

  # Objects that make no pods but those that stand in them, by their `apiVersion`.
  podless_apis = ["v1", "apps/*", "batch/*", "*.k8s.io/*", "autoscaling/*", "policy/*", "traefik.io/*", "traefik.containo.us/*", "external-secrets.io/*", "cert-manager.io/*"]

  # What somebody may make to have pods.
  pod_resources = ["pods", "deployments", "replicasets", "statefulsets", "daemonsets", "jobs", "cronjobs", "*"]

  # What keeps volumes on the disk of a node, where the pod follows the volume, or on a file server, which any node may mount whatever
  # the claim says: names of storage classes, and who provisions.
  unattached_classes = [
    "*local*", "*host*path*", "manual", "*topolvm*", "*zfs*", "*nfs*", "*efs*", "*file*", "*smb*", "*cifs*", "*gluster*", "*fsx*",
    "*lustre*", "*juicefs*", "*cephfs*", "*rwx*",
  ]
  unattached_drivers = [
    "*no-provisioner", "*local*", "*host*path*", "*topolvm*", "*zfs*", "*nfs*", "*efs*", "*file*", "*smb*", "*cifs*", "*gluster*",
    "*fsx*", "*lustre*", "*juicefs*", "*cephfs*", "*s3*", "*fuse*",
  ]

  # Clusters of a cloud, whose default class makes disks that are attached to one node.
  managed_clusters = [
    "aws_eks_cluster", "google_container_cluster", "azurerm_kubernetes_cluster", "digitalocean_kubernetes_cluster", "linode_lke_cluster",
    "scaleway_k8s_cluster", "ovh_cloud_project_kube", "vultr_kubernetes", "civo_kubernetes_cluster", "oci_containerengine_cluster",
    "alicloud_cs_managed_kubernetes", "yandex_kubernetes_cluster", "ibm_container_vpc_cluster", "exoscale_sks_cluster",
  ]
}

# The pods of everything that runs some, one by one.
selector "pod" {
  select "object" {
    kinds = [
      "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob", "Pod", "Rollout", "CloneSet", "ScaledJob",
    ]
  }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  each "pod" { path = ["spec", "spec.template.spec", "spec.jobTemplate.spec.template.spec", "spec.jobTargetRef.template.spec"] }
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

# Every value of a ConfigMap: what becomes an environment variable of the pods that are given it.
gather "config_values" {
  label = "the value stands here"
  select "object" { kinds = ["ConfigMap"] }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  let "config" { path = "metadata.name" }
  each "value" { path = "data[*]" }
  let "key" { text = "{value_key}" }
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

# The ports of services, where the service itself takes the calls: a name without an address of its own leads to the pods, or elsewhere.
gather "service_ports" {
  label = "the service has these ports"
  select "object" { kinds = ["Service"] }
  unless {
    path   = "spec.type"
    equals = "ExternalName"
  }
  unless {
    path   = ["spec.clusterIP", "spec.cluster_ip"]
    equals = "None"
  }
  let "named" { path = "metadata.name" }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  each "port" { path = "spec.ports[*]" }
  let "number" { path = "port.port" }
  let "called" {
    path    = "port.name"
    default = ""
  }
}

# A module whose code is elsewhere.
selector "foreign_module" {
  select "module" { source = ["**"] }
  unless {
    path    = "source"
    matches = "^\\.{1,2}/"
  }
}

# The namespaces in which there may be other pods than those that Terraform writes here: of a chart, of an operator, or of whoever may
# make some.
gather "open_namespaces" {
  label = "pods come from elsewhere here"
  from {
    select "resource" { types = ["helm_release"] }
    let "namespace" {
      path    = "namespace"
      default = "default"
    }
  }
  from {
    select "object" { carriers = ["manifest"] }
    unless {
      path = "apiVersion"
      like = param.podless_apis
    }
    # Where it is, and where it says that it puts something.
    each "named" { path = param.namespace_paths }
    let "namespace" { path = "named" }
  }
  # What a module brings whose code is elsewhere.
  from {
    select "selector" { of = "foreign_module" }
    each "named" { path = "namespace" }
    let "namespace" { path = "named" }
  }
  from {
    select "file" {
      files = param.manifest_files
      words = ["namespace:", "targetNamespace:"]
      reads = "yaml_template"
    }
    where {
      path    = "apiVersion"
      present = true
    }
    each "named" { path = param.namespace_paths }
    let "namespace" { path = "named" }
    where {
      certain {
        path    = "namespace"
        matches = "."
      }
    }
  }
  from {
    select "object" { kinds = ["Role"] }
    each "rule" { path = ["rules[*]", "rule[*]"] }
    where {
      path   = "rule.resources[*]"
      one_of = param.pod_resources
    }
    where {
      path   = "rule.verbs[*]"
      one_of = ["create", "*"]
    }
    let "namespace" { path = "metadata.namespace" }
  }
  # What a role of the whole cluster allows is not looked into.
  from {
    select "object" { kinds = ["RoleBinding"] }
    where {
      path   = ["roleRef.kind", "role_ref.kind"]
      equals = "ClusterRole"
    }
    let "namespace" { path = "metadata.namespace" }
    where {
      certain {
        path    = "namespace"
        matches = "."
      }
    }
  }
  from {
    select "object" { kinds = ["ClusterRoleBinding"] }
    each "subject" { path = ["subjects[*]", "subject"] }
    let "namespace" { path = "subject.namespace" }
    where {
      certain {
        path    = "namespace"
        matches = "."
      }
    }
  }
}

# The namespaces in which all that there is is written here, services among it.
gather "closed_namespaces" {
  label = "nothing else is put into this namespace"
  select "row" { of = "namespaces" }
  let "namespace" { path = "named" }
  where {
    exists {
      in    = "services"
      match = { namespace = "{namespace}" }
    }
  }
  unless {
    exists {
      in    = "open_namespaces"
      match = { namespace = "{namespace}" }
    }
  }
}

# The claims whose volume only one node can mount.
gather "single_node_claims" {
  label = "the claim is declared here"
  select "object" { kinds = ["PersistentVolumeClaim"] }
  where {
    path   = "spec.accessModes[*]"
    one_of = ["ReadWriteOnce", "ReadWriteOncePod"]
  }
  unless {
    path     = "spec.accessModes"
    contains = "ReadWriteMany"
  }
  let "named" { path = "metadata.name" }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  let "class" {
    path    = "spec.storageClassName"
    default = ""
  }
  let "volume" {
    path    = "spec.volumeName"
    default = ""
  }
}

# Clusters of a cloud.
gather "managed_clusters" {
  label = "the cluster is here"
  from {
    select "resource" { types = param.managed_clusters }
  }
  from {
    select "data" { types = param.managed_clusters }
  }
}

# The volumes, and the classes of volumes, that no node attaches.
gather "unattached_volumes" {
  label = "the volume is declared here"
  select "object" { kinds = ["PersistentVolume"] }
  each "source" { path = ["spec", "spec.persistentVolumeSource"] }
  where {
    any {
      all {
        path    = ["source.hostPath", "source.local", "source.nfs", "source.cephFs", "source.cephfs", "source.glusterfs", "source.azureFile"]
        present = true
      }
      all {
        path = "source.csi.driver"
        like = param.unattached_drivers
      }
    }
  }
  let "named" { path = "metadata.name" }
  let "class" {
    path    = "spec.storageClassName"
    default = ""
  }
}

gather "unattached_classes" {
  label = "the class is declared here"
  from {
    select "object" { kinds = ["StorageClass"] }
    where {
      path = ["provisioner", "storageProvisioner"]
      like = param.unattached_drivers
    }
    let "named" { path = "metadata.name" }
  }
  # By the chart of the driver, which is called after what it drives, or whose driver is.
  from {
    select "resource" { types = ["helm_release"] }
    where {
      path = ["chart", "values[*].csiDriver.name"]
      like = param.unattached_drivers
    }
    each "class" { path = ["values[*].storageClass", "values[*].storageClass[*]", "values[*].storageClasses[*]"] }
    unless {
      path   = "class.create"
      equals = false
    }
    let "named" { path = "class.name" }
    where {
      path    = "named"
      matches = "."
    }
  }
  from {
    select "resource" { types = ["helm_release"] }
    where {
      path = "chart"
      like = param.unattached_drivers
    }
    each "given" { path = "set[*]" }
    where {
      path    = "given.name"
      matches = "^storageClass(?:es\\[[0-9]+\\])?\\.name$"
    }
    let "named" { path = "given.value" }
  }
}

# The claims whose volume has to leave one node before another can mount it.
gather "attached_claims" {
  label = "the claim is declared here"
  select "row" { of = "single_node_claims" }
  let "named" { path = "named" }
  let "namespace" { path = "namespace" }
  let "class" { path = "class" }
  let "volume" { path = "volume" }
  # What the default class of a cluster is, nobody writes down.
  where {
    any {
      all {
        path    = "class"
        matches = "."
      }
      exists { in = "managed_clusters" }
    }
  }
  unless {
    path = "class"
    like = param.unattached_classes
  }
  unless {
    exists {
      in    = "unattached_classes"
      match = { named = "{class}" }
    }
  }
  unless {
    any {
      exists {
        in    = "unattached_volumes"
        match = { named = "{volume}" }
      }
      exists {
        in    = "unattached_volumes"
        match = { class = "{class}" }
      }
    }
  }
}

# What is scaled to more than one pod.
gather "scalers" {
  label = "it is scaled here"
  select "object" { kinds = ["HorizontalPodAutoscaler", "ScaledObject"] }
  where {
    path    = ["spec.maxReplicas", "spec.maxReplicaCount"]
    default = "100"
    above   = 1
    as      = "number"
  }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  let "target" { path = "spec.scaleTargetRef.name" }
}

# The claims that workloads mount, and whether the repo declares them.
gather "mounts" {
  label = "the workload is declared here"
  select "object" { kinds = ["Deployment", "StatefulSet"] }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  let "by" { text = "{stack} {address}" }
  each "claim" { path = "spec.template.spec.volumes[*].persistentVolumeClaim.claimName" }
  let "declared" {
    in      = "claims"
    match   = { named = "{claim}", namespace = "{namespace}" }
    column  = "named"
    default = "no"
  }
}
