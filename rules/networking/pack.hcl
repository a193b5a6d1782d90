summary = "addresses and names of the services that everything else connects to"

applies_when {
  file {
    path     = "**/*.tf"
    contains = "variable \"redis_host\""
  }
  file {
    path     = "**/*.tf"
    contains = "redis-master.redis.svc.cluster.local"
  }
}

applies_when {
  file {
    path     = "**/*.tf"
    contains = "variable \"nfs_server\""
  }
  file {
    path     = "**/*.tf"
    contains = "192.168.1.127"
  }
}

params {
  # The variables that every stack gets from one file, and what they hold. A name counts wherever it is written.
  shared_hosts = {
    redis_host      = "redis-master.redis.svc.cluster.local"
    postgresql_host = "pg-cluster-rw.dbaas.svc.cluster.local"
    mysql_host      = "mysql.dbaas.svc.cluster.local"
  }

  # What says in a file that it may name one of them.
  shared_words = [
    "redis-master.redis.svc.cluster.local",
    "pg-cluster-rw.dbaas.svc.cluster.local",
    "mysql.dbaas.svc.cluster.local",
  ]

  # An address is shared with other services of the same machine: it counts as all of a value, under these keys.
  shared_addresses = { nfs_server = "192.168.1.127" }
  address_words    = ["192.168.1.127"]
  address_keys     = ["nfs_server", "server", "default"]

  # Keys whose values are sentences for people.
  prose_keys = ["description", "summary", "message", "error_message", "title"]
}

# Which stack declares which service.
gather "services" {
  label = "the service is declared here"
  select "object" { kinds = ["Service"] }
  let "named" { path = "metadata.name" }
  let "declared_in" { text = "{stack}" }
}
