summary = "database servers, and the names under which they are reached"

applies_when {
  file {
    path     = "**/*.tf"
    contains = "postgresql.dbaas"
  }
}

applies_when {
  file {
    path     = "**/*.tf"
    contains = "pg-cluster-rw.dbaas"
  }
}

applies_when {
  file {
    path     = "**/*.tf"
    contains = "dependency.kyverno.io/wait-for"
  }
}

params {
  # The images that are database servers, without registry and tag.
  servers = ["mysql", "mariadb", "postgres", "postgresql", "redis", "valkey", "clickhouse", "clickhouse-server"]

  # How Keel is told to leave a workload alone, and who has it told so by a policy.
  keel_annotation = "keel.sh/policy"
  keel_never      = "never"
  other_owners    = ["Helm", "terraform", "goauthentik.io"]

  # The annotation of a pod that has its image watched for updates.
  watch_annotation = "diun.enable"

  # Charts and images of databases whose publisher stopped serving them.
  retired_charts = ["*charts.bitnami.com*", "*/bitnamicharts*"]
  retired_images = [
    "bitnami/mysql", "bitnami/postgresql", "bitnami/postgresql-ha", "bitnami/redis", "bitnami/mariadb",
    "*/bitnami/mysql", "*/bitnami/postgresql", "*/bitnami/postgresql-ha", "*/bitnami/redis", "*/bitnami/mariadb",
  ]

  # Names that still answer and are to be left behind, with the name that replaces them.
  legacy_hosts = { "postgresql.dbaas" = "pg-cluster-rw.dbaas" }
  legacy_words = ["postgresql.dbaas"]

  # Names that must not be used, with the name that works.
  wrong_hosts = { "redis.redis" = "redis-master.redis" }
  wrong_words = ["redis.redis"]
}
