summary = "volumes, their growth and their safety"

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "resize.topolvm.io/"
  }
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "\"proxmox-lvm"
  }
}

params {
  # Types of secrets in which no key of a volume is.
  keyless_secret_types = ["kubernetes.io/tls", "kubernetes.io/dockerconfigjson", "kubernetes.io/service-account-token"]

  # The variables that hold the address of a file server, and what they hold; what says in a file that it may name one; the keys
  # under which the address means the file server and nothing else of the same machine; and what names variables for it.
  server_addresses = { nfs_server = "192.168.1.127" }
  server_words     = ["192.168.1.127"]
  server_keys      = ["nfs_server", "server"]
  server_variables = "nfs"

  # The storage classes whose volumes the autoresizer grows.
  autoresized_classes = ["proxmox-lvm", "proxmox-lvm-encrypted"]

  autoresizer_annotations = [
    "resize.topolvm.io/threshold",
    "resize.topolvm.io/increase",
    "resize.topolvm.io/storage_limit",
  ]

  # The storage classes that make disks, which one node mounts.
  block_classes = ["proxmox-lvm", "proxmox-lvm-encrypted"]

  # What the name of a claim ends in, by its class.
  class_suffixes = {
    "proxmox-lvm-encrypted" = "-encrypted"
    "proxmox-lvm"           = "-proxmox"
  }

  # What names of claims end in that are disks.
  disk_names = "-(?:encrypted|proxmox)$"

  # The class whose volumes anybody with the disk can read, and the images whose data is secret. One without a tag, or with a
  # digest, is compared as if it had an empty tag.
  plain_classes = ["proxmox-lvm"]
  sensitive_images = [
    "postgres:*", "*/postgres:*", "*/pgvector:*", "*/postgis:*", "*/timescaledb*:*", "mysql:*", "*/mysql:*", "mariadb:*", "*/mariadb:*",
    "mongo:*", "*/mongo:*", "*/dolt-sql-server:*", "redis:*", "*/redis:*", "*/valkey:*", "*/vaultwarden/server:*", "vaultwarden/server:*",
    "clickhouse/clickhouse-server:*", "*/clickhouse-server:*", "couchdb:*", "*/couchdb:*", "cockroachdb/cockroach:*", "*/cockroach:*",
    "*/docker-mailserver:*", "*/roundcubemail:*", "*/forgejo:*", "*/gitea:*", "*/authentik*", "*goauthentik/*", "gitea/*", "privatebin/*", "*/privatebin/*",
    "*/nextcloud:*", "nextcloud:*", "*/paperless-ngx:*", "*/openclaw:*", "*/postiz-app:*",
  ]

  # How charts with such data are called, and what charts call the databases that they bring along.
  sensitive_charts = [
    "postgresql", "postgresql-ha", "postgres", "mysql", "mariadb", "mariadb-galera", "mongodb", "mongodb-sharded", "redis", "redis-cluster",
    "redis-ha", "valkey", "valkey-cluster", "clickhouse", "couchdb", "cockroachdb", "vault", "vaultwarden", "gitea", "forgejo", "nextcloud",
    "authentik", "paperless-ngx", "privatebin", "docker-mailserver",
  ]

  # Kinds of objects that are databases to their operators.
  database_kinds = ["Cluster", "InnoDBCluster", "MariaDB", "RedisFailover", "ClickHouseInstallation", "PerconaServerMongoDB"]

  # Names of storage that is gone.
  retired_names    = ["iscsi-truenas", "nfs-proxmox", "10.0.10.15", "/mnt/main"]
  retired_patterns = ["iscsi-truenas", "nfs-proxmox", "10.0.10.15", "/mnt/main", "/mnt/main/*"]

  # What went with a class: the server behind it, and its directories.
  retired_with = { "10.0.10.15" = "iscsi-truenas", "/mnt/main" = "iscsi-truenas", "/mnt/ssd" = "iscsi-truenas" }

  # What replaced the directory among them.
  export_root = "/srv/nfs"

  # The chart that mounts encrypted volumes, and the memory that deriving a key takes.
  encrypting_charts = ["proxmox-csi-plugin", "*/proxmox-csi-plugin"]
  key_memory        = "1280Mi"

  # What volumes, claims and classes are called in Terraform, and the modules that make volumes.
  claim_types    = ["kubernetes_persistent_volume_claim", "kubernetes_persistent_volume_claim_v1"]
  volume_types   = ["kubernetes_persistent_volume", "kubernetes_persistent_volume_v1"]
  class_types    = ["kubernetes_storage_class", "kubernetes_storage_class_v1"]
  volume_modules = ["modules/kubernetes/nfs_volume"]

  # Files with objects of Kubernetes that something else than Terraform applies, or that a manifest is read from.
  manifest_files = ["**/*.{yaml,yml}"]

  # The threshold is free space: above this, a half-empty volume grows.
  threshold_max_percent = 50
}

# How claims on disks are to be mounted, also those that the values of a chart ask for.
gather "disk_modes" {
  label = "the claim is declared here"
  from {
    select "object" { kinds = ["PersistentVolumeClaim", "StatefulSet"] }
    each "claim" { path = ["spec", "spec.volumeClaimTemplates[*].spec"] }
    let "class" { path = "claim.storageClassName" }
    each "mode" { path = "claim.accessModes[*]" }
    let "second" { path = "claim.accessModes[1]" }
  }
  from {
    select "file" {
      files = param.manifest_files
      words = ["accessModes"]
      reads = "yaml_template"
    }
    where {
      path   = "kind"
      one_of = ["PersistentVolumeClaim", "StatefulSet"]
    }
    # A file that a manifest is read from is judged with that.
    let "whole" { text = "{file}" }
    let "last" {
      path    = "whole"
      capture = "[^/]+$"
    }
    unless {
      exists {
        in     = "files_read"
        match  = { stack = "{stack}" }
        covers = { named = "{last}" }
      }
    }
    each "claim" { path = ["spec", "spec.volumeClaimTemplates[*].spec"] }
    let "class" { path = "claim.storageClassName" }
    each "mode" { path = "claim.accessModes[*]" }
    let "second" { path = "claim.accessModes[1]" }
  }
  from {
    select "row" { of = "kubernetes.chart_volumes" }
    let "class" { path = "class" }
    each "mode" { path = ["modes", "modes[*]"] }
    let "second" { path = "modes[1]" }
  }
  where {
    path   = "class"
    one_of = param.block_classes
  }
}

# The files of YAML that code names, also as a pattern.
gather "files_read" {
  label = "the file is read here"
  select "text" {
    files   = ["**/*.{tf,tf.json}"]
    words   = [".yaml", ".yml"]
    matches = "(?<named>[\\w.*-]*\\.ya?ml)\\b"
    zones   = ["string"]
  }
}

# The storage classes that the tree declares, also in the values of charts that make them.
gather "declared_classes" {
  label = "the class is declared here"
  from {
    select "object" { kinds = ["StorageClass"] }
    let "named" { path = "metadata.name" }
  }
  from {
    select "resource" { types = ["helm_release"] }
    each "class" { path = ["values[*].storageClasses[*]", "values[*].storageClass"] }
    let "named" { path = "class.name" }
  }
}

# The storage among the retired names that is not gone yet.
gather "living_storage" {
  label = "it is still declared here"
  from {
    select "row" { of = "declared_classes" }
    let "named" { path = "named" }
  }
  from {
    select "row" { of = "declared_classes" }
    each "part" { texts = param.retired_with }
    where {
      path   = "named"
      equals = "{part_value}"
    }
    let "named" { text = "{part}" }
  }
}

# The claims that charts are given which only one node can mount, each with the part of the values whose pods mount it.
gather "chart_mounts" {
  label = "the chart is given the claim here"
  from {
    select "selector" { of = "kubernetes.chart_part" }
    each "store" { path = ["part.persistence", "part.persistence.*"] }
    unless {
      path   = "store.enabled"
      equals = false
    }
    each "claim" { path = "store.existingClaim" }
    # Of several documents the last one wins.
    unless {
      all {
        path           = "values"
        items_at_least = 2
      }
      all {
        path    = ["values[*].replicaCount", "values[*].replicas", "values[*].*.replicaCount", "values[*].*.replicas"]
        at_most = 1
        as      = "number"
      }
    }
  }
  # The same by settings of their own, those before the last two words alike.
  from {
    select "resource" { types = ["helm_release"] }
    each "given" { path = "set[*]" }
    let "prefix" {
      path    = "given.name"
      capture = "^(?<value>.*\\.)persistence\\.(?:\\w+\\.)?existingClaim$"
    }
    where {
      path    = "given.name"
      matches = "(?:^|\\.)persistence\\.(?:\\w+\\.)?existingClaim$"
    }
    let "claim" { path = "given.value" }
    each "other" { path = "set[*]" }
    where {
      any {
        all {
          path   = "other.name"
          one_of = ["{prefix}replicaCount", "{prefix}replicas"]
        }
        all {
          all {
            path    = "given.name"
            matches = "^persistence\\."
          }
          all {
            path   = "other.name"
            one_of = ["replicaCount", "replicas"]
          }
        }
      }
    }
    let "replicas" { path = "other.value" }
  }
  let "namespace" {
    path    = "namespace"
    default = "default"
  }
  where {
    exists {
      in    = "kubernetes.single_node_claims"
      match = { named = "{claim}", namespace = "{namespace}" }
    }
  }
}

# The claims that something holds for as long as it runs: a workload, or a chart that is given the name of one.
gather "held" {
  label = "it is mounted here, for as long as this runs"
  from {
    select "object" { kinds = ["Deployment", "StatefulSet"] }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
    each "claim" { path = "spec.template.spec.volumes[*].persistentVolumeClaim.claimName" }
  }
  from {
    select "resource" { types = ["helm_release"] }
    let "namespace" {
      path    = "namespace"
      default = "default"
    }
    # The values of a chart are dear to read: only where it matters.
    where {
      exists {
        in    = "job_claims"
        match = { namespace = "{namespace}" }
      }
    }
    each "claim" { path = ["values[*].**.existingClaim", "values[*].**.persistentVolumeClaim.claimName"] }
  }
}

# The services that the documentation says are on encrypted volumes.
gather "encrypted_services" {
  label = "the documentation lists it here"
  select "text" {
    files   = ["docs/architecture/storage.md"]
    words   = ["Services on encrypted storage"]
    matches = "Services on encrypted storage[^\\n]*\\n(?<list>[^\\n]+)"
    zones   = ["prose"]
  }
  each "service" {
    path  = "list"
    split = ","
  }
}

# The workloads that run an image with secret data.
selector "sensitive" {
  select "object" { kinds = ["Deployment", "StatefulSet"] }
  each "image" { path = "spec.template.spec.containers[*].image" }
  let "repository" {
    path    = "image"
    capture = "^(?:[^/@]+/)*[^/:@]+"
  }
  where {
    any {
      all {
        path = "image"
        like = param.sensitive_images
      }
      all {
        text = "{repository}:"
        like = param.sensitive_images
      }
    }
  }
}

gather "sensitive_workloads" {
  label = "it runs here"
  select "selector" { of = "sensitive" }
  let "by" { text = "{stack} {address}" }
}

# The claims that they mount, and those that a chart is given which runs such an image.
gather "sensitive_mounts" {
  label = "it is mounted here"
  from {
    select "selector" { of = "sensitive" }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
    each "claim" { path = "spec.template.spec.volumes[*].persistentVolumeClaim.claimName" }
  }
  from {
    select "resource" { types = ["helm_release"] }
    each "image" { path = "values[*].image.repository" }
    where {
      text = "{image}:"
      like = param.sensitive_images
    }
    let "namespace" {
      path    = "namespace"
      default = "default"
    }
    each "claim" { path = ["values[*].**.existingClaim", "values[*].**.persistentVolumeClaim.claimName"] }
  }
}

# The claims that jobs mount.
gather "job_claims" {
  label = "a job mounts it here"
  select "object" { kinds = ["CronJob", "Job"] }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  each "claim" {
    path = [
      "spec.template.spec.volumes[*].persistentVolumeClaim.claimName",
      "spec.jobTemplate.spec.template.spec.volumes[*].persistentVolumeClaim.claimName",
    ]
  }
}

# The secrets that may hold a key. Certificates and credentials do not, and their names and namespaces are often not known.
gather "key_secrets" {
  label = "it is made here"
  from {
    select "object" { kinds = ["ExternalSecret"] }
    unless {
      path   = "spec.target.template.type"
      one_of = param.keyless_secret_types
    }
    let "resource" { path = "metadata.name" }
    let "named" {
      path    = "spec.target.name"
      default = "{resource}"
    }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
  }
  from {
    select "object" { kinds = ["Secret"] }
    unless {
      path   = "type"
      one_of = param.keyless_secret_types
    }
    let "named" { path = "metadata.name" }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
  }
}
