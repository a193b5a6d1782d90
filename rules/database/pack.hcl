summary = "database servers, and the names under which they are reached"

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "postgresql.dbaas"
  }
}

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "pg-cluster-rw.dbaas"
  }
}

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "dependency.kyverno.io/wait-for"
  }
}

params {
  # The images that are database servers, without registry and tag.
  servers = [
    "mysql", "mariadb", "postgres", "postgresql", "pgvector", "postgis", "timescaledb", "timescaledb-ha", "redis", "valkey", "mongo",
    "clickhouse", "clickhouse-server",
  ]

  # How Keel is told to leave a workload alone, and who has it told so by a policy.
  keel_annotation = "keel.sh/policy"
  keel_never      = "never"
  other_owners    = ["Helm", "terraform", "goauthentik.io"]

  # The annotation of a pod that has its image watched for updates.
  watch_annotation = "diun.enable"

  # Charts and images of databases whose publisher stopped serving them.
  retired_charts = ["*charts.bitnami.com*", "*/bitnamicharts*", "bitnami/*"]
  retired_images = [
    "bitnami*/mysql", "bitnami*/postgresql", "bitnami*/postgresql-ha", "bitnami*/postgresql-repmgr", "bitnami*/redis", "bitnami*/redis-sentinel",
    "bitnami*/redis-cluster", "bitnami*/mariadb", "bitnami*/mariadb-galera", "bitnami*/mongodb",
    "*/bitnami*/mysql", "*/bitnami*/postgresql", "*/bitnami*/postgresql-ha",
    "*/bitnami*/postgresql-repmgr", "*/bitnami*/redis", "*/bitnami*/redis-sentinel",
    "*/bitnami*/redis-cluster", "*/bitnami*/mariadb", "*/bitnami*/mariadb-galera", "*/bitnami*/mongodb",
  ]

  # The variables that every stack gets from one file, and the servers they hold.
  shared_hosts = {
    redis_host      = "redis-master.redis.svc.cluster.local"
    postgresql_host = "pg-cluster-rw.dbaas.svc.cluster.local"
    mysql_host      = "mysql.dbaas.svc.cluster.local"
  }
  shared_words = [
    "redis-master.redis.svc.cluster.local",
    "pg-cluster-rw.dbaas.svc.cluster.local",
    "mysql.dbaas.svc.cluster.local",
  ]

  # Keys whose values are sentences for people.
  prose_keys = ["description", "summary", "message", "error_message", "title"]

  # Names that still answer and are to be left behind, with the name that replaces them.
  legacy_hosts = { "postgresql.dbaas" = "pg-cluster-rw.dbaas" }
  legacy_words = ["postgresql.dbaas"]

  # Names that must not be used, with the name that works, as far as a service of that name is declared.
  wrong_hosts = { "redis.redis" = "redis-master.redis" }
  wrong_words = ["redis.redis"]
}

# The variables that hold the servers, wherever one is declared.
gather "host_variables" {
  label = "the variable is declared here"
  select "block" {
    type   = "variable"
    labels = ["*_host"]
  }
  each "variable" { texts = param.shared_hosts }
  where {
    text   = "{name}"
    equals = "{variable}"
  }
  let "host" { text = "{variable_value}" }
  let "declared_in" { text = "{module}" }
}

# Which stack declares which service, and the name under which others reach it.
gather "services" {
  label = "the service is declared here"
  select "object" { kinds = ["Service"] }
  let "named" { path = "metadata.name" }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  let "host" { text = "{named}.{namespace}" }
  let "declared_in" { text = "{stack}" }
}
