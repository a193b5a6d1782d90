summary = "volumes on NFS and how they are mounted, and what must not be on them"

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "modules/kubernetes/nfs_volume\""
  }
}

params {
  # The driver whose volumes are judged, and the module that makes them.
  driver        = "nfs.csi.k8s.io"
  volume_module = "**/nfs_volume"

  # The charts that make classes of NFS.
  nfs_charts = ["*nfs*"]

  # How they are mounted: with an error, soon, when the server is away.
  mount_options = ["nfsvers=4", "soft", "timeo=30", "retrans=3", "actimeo=5"]

  # The storage classes of NFS, also the names they had.
  nfs_classes = ["nfs-truenas", "nfs-proxmox", "nfs-csi"]

  # Kinds of objects that are databases, Prometheus or Alertmanager to their operators, and where they name a class.
  operated_kinds = [
    "Cluster", "InnoDBCluster", "MariaDB", "RedisFailover", "ClickHouseInstallation", "Prometheus", "Alertmanager", "Elasticsearch",
    "PostgresCluster", "postgresql", "PerconaServerMongoDB", "PerconaXtraDBCluster", "MongoDBCommunity", "Redis", "RedisCluster", "Valkey",
    "RabbitmqCluster", "Kafka", "KafkaNodePool", "OpenSearchCluster", "CassandraDatacenter", "ScyllaCluster", "VMSingle", "VMCluster",
    "VMAlertmanager", "ThanosRuler",
  ]

  # What a claim on a volume that is written by hand goes by instead.
  by_hand = "by hand"

  # What keeps its data in files that must not be torn, or must answer while the NFS server is away. An image without a tag, or
  # with a digest, is compared as if it had an empty tag.
  critical_images = [
    "postgres:*", "*/postgres:*", "*/postgresql:*", "*/pgvector:*", "*/postgis:*", "*/timescaledb*:*", "mysql:*", "*/mysql:*",
    "*/mysql-server:*", "*/percona-server*:*", "*/percona-xtradb-cluster:*", "couchdb:*", "*/couchdb:*", "*/cockroach:*", "*/etcd:*",
    "influxdb:*", "*/influxdb:*", "elasticsearch:*", "*/elasticsearch:*", "*/opensearch:*", "cassandra:*", "*/cassandra:*",
    "mariadb:*", "*/mariadb:*", "mongo:*", "*/mongo:*", "redis:*", "*/redis:*", "*/valkey:*", "*/clickhouse-server:*", "vault:*",
    "*/vault:*", "*/prometheus:*", "*/alertmanager:*", "technitium/dns-server:*", "*/technitium/dns-server:*",
  ]
  critical_charts = [
    "vault", "*/vault", "mysql-innodbcluster", "*/mysql-innodbcluster", "prometheus", "*/prometheus",
    "kube-prometheus-stack", "*/kube-prometheus-stack", "alertmanager", "*/alertmanager", "redis", "*/redis",
    "redis-cluster", "*/redis-cluster", "redis-ha", "*/redis-ha", "valkey", "*/valkey", "valkey-cluster", "*/valkey-cluster",
    "postgresql", "*/postgresql", "postgresql-ha", "*/postgresql-ha", "mysql", "*/mysql", "mariadb", "*/mariadb",
    "mariadb-galera", "*/mariadb-galera", "mongodb", "*/mongodb", "mongodb-sharded", "*/mongodb-sharded",
    "clickhouse", "*/clickhouse", "etcd", "*/etcd", "influxdb", "*/influxdb", "influxdb2", "*/influxdb2",
    "elasticsearch", "*/elasticsearch", "opensearch", "*/opensearch", "victoria-metrics-single", "*/victoria-metrics-single",
    "victoria-metrics-cluster", "*/victoria-metrics-cluster", "victoria-metrics-k8s-stack", "*/victoria-metrics-k8s-stack",
  ]

  # How charts call the databases that they bring along.
  bundled_databases = [
    "postgresql", "postgresql-ha", "postgres", "mysql", "mariadb", "mariadb-galera", "redis", "redis-cluster", "redis-ha", "valkey",
    "mongodb", "clickhouse", "etcd", "influxdb", "influxdb2", "elasticsearch", "opensearch", "prometheus", "alertmanager",
  ]

  # The server's table of exports, and what each of them must have, with what happens otherwise.
  export_files = ["**/{exports,*nfs-exports}", "**/exports.d/*.exports"]
  export_options = {
    insecure       = "the router in between gives clients high ports, and the server refuses those"
    no_root_squash = "the driver that prepares volumes is root, and may not write there"
    rw             = "pods cannot write"
  }

  # What undoes some of them where it stands behind.
  export_opposites = { ro = "rw", root_squash = "no_root_squash", secure = "insecure" }

  # Where the server's exports are.
  export_roots = ["/srv/nfs", "/srv/nfs/*", "/srv/nfs-ssd", "/srv/nfs-ssd/*"]
}

# Every volume by its name, which is the cluster's and not the namespace's.
gather "volumes" {
  label = "the name is taken here"
  from {
    select "module" { source = [param.volume_module] }
    let "named" { path = "name" }
  }
  from {
    select "object" { kinds = ["PersistentVolume"] }
    unless {
      path       = "metadata.name"
      refers_to = ["var.*"]
    }
    let "named" { path = "metadata.name" }
  }
}

# The volumes on the file server that are written by hand.
gather "nfs_volumes" {
  label = "the volume is declared here"
  select "object" { kinds = ["PersistentVolume"] }
  where {
    any {
      all {
        path   = ["spec.persistentVolumeSource.csi.driver", "spec.csi.driver"]
        equals = param.driver
      }
      all {
        path    = ["spec.persistentVolumeSource.nfs", "spec.nfs"]
        present = true
      }
    }
  }
  let "named" { path = "metadata.name" }
}

# The claims, and the templates of claims: those go by their class.
gather "claims" {
  label = "the claim is declared here"
  from {
    select "object" { kinds = ["PersistentVolumeClaim"] }
    let "named" { path = "metadata.name" }
    let "class" { path = "spec.storageClassName" }
  }
  from {
    select "object" { kinds = ["PersistentVolumeClaim"] }
    let "volume" { path = "spec.volumeName" }
    where {
      exists {
        in    = "nfs_volumes"
        match = { named = "{volume}" }
      }
    }
    let "named" { path = "metadata.name" }
    let "class" { text = param.by_hand }
  }
  from {
    select "object" { kinds = ["StatefulSet"] }
    each "named" { path = "spec.volumeClaimTemplates[*].spec.storageClassName" }
    let "class" { path = "named" }
  }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
}

# The directories of an older server that is not gone yet, as a pattern.
gather "living_roots" {
  label = "what goes with it is still declared here"
  select "row" { of = "storage.living_storage" }
  let "root" { path = "named" }
  where {
    path    = "root"
    matches = "^/"
  }
  let "pattern" { text = "{root}/*" }
}
