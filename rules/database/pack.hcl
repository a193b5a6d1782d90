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
    "clickhouse", "clickhouse-server", "mysql-server", "percona-server", "percona-server-mongodb", "couchdb", "cockroach",
  ]

  # How Keel is told to leave a workload alone, and who has it told so by a policy.
  keel_annotation = "keel.sh/policy"
  keel_never      = "never"
  other_owners    = ["Helm", "terraform", "goauthentik.io"]

  # The annotation of a pod that has its image watched for updates.
  watch_annotation = "diun.enable"

  # Charts and images of databases whose publisher stopped serving them.
  retired_charts = ["*charts.bitnami.com*", "*/bitnamicharts*", "bitnami/*"]

  # Charts that run nothing.
  libraries = ["common"]

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

  # Documents that people and agents act by.
  documents = ["*.md", ".claude/*.md", ".claude/{agents,skills}/**/*.md", "docs/architecture/**/*.md", "docs/runbooks/**/*.md"]
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
  # One that holds another host by itself is another variable.
  unless {
    path    = "default"
    matches = "."
    not {
      path   = "default"
      equals = "{variable_value}"
    }
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

# The files that Terraform fills in with values of its own: such a value reaches them.
gather "filled_in" {
  label = "it is filled in here"
  select "text" {
    files   = ["**/*.{tf,tf.json}"]
    words   = ["templatefile("]
    matches = "\\btemplatefile\\(\\s*\\\\?\"(?:\\$\\{path\\.module\\}|\\.)/(?<at>(?<path>[A-Za-z0-9_./-]+))\\\\?\""
  }
  let "written" { path = "path" }
  let "filled" { text = "{module}/{written}" }
}

# The names that documents send their reader to, by what they say and in what they draw.
gather "advised_names" {
  label = "the document says so here"
  from {
    select "file" {
      files = param.documents
      words = param.wrong_words
      reads = "markdown"
    }
    each "statement" { path = "statements[*]" }
    # It says what to do, and not how names are looked up, or how it was.
    where {
      path    = "statement.text"
      matches = "(?i)\\b(?:use|connect|shared|endpoint|point(?:s|ed)? (?:at|to))\\b"
    }
    unless {
      path    = "statement.text"
      matches = "(?i)\\b(?:not|never|don't|no longer|instead|rather|avoid|legacy|old|was|were|used to|until|replaced|patched)\\b"
    }
    each "place" { path = "statement.code[*]" }
    let "named" {
      path    = "place"
      capture = "(?:^|[^a-z0-9.-])(?<value>[a-z0-9-]+\\.[a-z0-9-]+)(?:\\.svc(?:\\.cluster\\.local)?)?(?:[^a-z0-9.-]|$)"
    }
  }
  # A node of a diagram: its name, and the text in it, over several lines.
  from {
    select "text" {
      files   = param.documents
      words   = param.wrong_words
      zones   = ["prose"]
      matches = "(?m)\\b\\w+[\\[({]{1,2}\"?(?<above>[^\\[\\]\\n]*<br ?/?>)?(?<at>(?<host>[a-z0-9-]+\\.[a-z0-9-]+)(?:\\.svc(?:\\.cluster\\.local)?)?)(?<below>[^a-z0-9.\\n-][^\\n]*)$"
    }
    let "first" {
      path    = "above"
      default = ""
    }
    unless {
      text    = "{first} {below}"
      matches = "(?i)\\b(?:not|never|instead|avoid|legacy|old|was|until|replaced|patched|before)\\b"
    }
    let "place" { path = "" }
    let "named" { path = "host" }
  }
}
