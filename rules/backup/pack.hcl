summary = "copies of what would be lost with a volume"

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "modules/kubernetes/nfs_volume\""
  }
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "\"proxmox-lvm"
  }
}

params {
  # The storage classes whose volumes nothing else copies.
  classes = ["proxmox-lvm", "proxmox-lvm-encrypted"]

  # The servers whose data is dumped, by the last word of their images' names, and what the tag says of the release: of an extension
  # behind it where it says so.
  server_products = {
    "mysql"             = "mysql"
    "mariadb"           = "mariadb"
    "postgres"          = "postgres"
    "postgresql"        = "postgres"
    "pgvector"          = "postgres"
    "postgis"           = "postgres"
    "timescaledb"       = "postgres"
    "redis"             = "redis"
    "valkey"            = "valkey"
    "clickhouse-server" = "clickhouse-server"
    "mongo"             = "mongo"
  }
  server_name    = "(?:^|/)(?<value>[a-z-]+):[^/]*$"
  server_release = ":(?:[^/@]*pg|[^0-9/]*)(?<value>[0-9]+(?:\\.[0-9]+)?)[^/]*$"

  # The module that makes volumes on the file server, where copies go.
  volume_module = "**/nfs_volume"

  # Programs that only start another one.
  starters = "sudo|nice|ionice|chrt|timeout|flock|env|setsid|systemd-run|chronic"

  # The script that mirrors the file server, and what other jobs keep in the same place.
  mirror_scripts = ["scripts/nfs-mirror", "scripts/nfs-mirror.sh"]
  beside_mirror  = { "/vzdump/" = "the images of the machines are there, and the next night they are gone" }

  # Copies that may be lost, or that another job carries away.
  unmirrored_copies = ["/prometheus-backup", "/immich/backups"]
}

# What the mirror of the file server leaves out.
gather "unmirrored" {
  label = "the mirror leaves it out here"
  select "file" {
    files = param.mirror_scripts
    reads = "shell"
  }
  each "list" { path = "assignments[*].values" }
  each "exclusion" { path = "list[*]" }
  let "directory" {
    path    = "exclusion"
    capture = "^--exclude=(?<value>/[^*]*[^/*])/?$"
  }
  # Of the patterns, the first that fits holds.
  where {
    path    = "list"
    ordered = ["--exclude={directory}*", "--include={directory}*"]
  }
}

# The claims on these classes that no comment gives up.
gather "claims" {
  label = "the claim is declared here"
  select "resource" {
    types = ["kubernetes_persistent_volume_claim", "kubernetes_persistent_volume_claim_v1"]
  }
  where {
    path   = "spec.storage_class_name"
    one_of = param.classes
  }
  unless {
    comment {
      on      = ["above", "trailing", "inside"]
      matches = "(?is)\\b(no|not|without|excluded from|deviation from)\\b[^.;]*\\bback(ed)?[- ]?up|backup-waiver"
    }
  }
  let "place" { text = "{stack}" }
}

# What says that a stack makes copies: a volume for them, a job with that name, a mount of such a directory.
gather "copies" {
  label = "copies are made here"
  from {
    select "module" { source = [param.volume_module] }
    let "place" { text = "{stack}" }
    let "mark" { path = "nfs_path" }
  }
  # One that is suspended copies nothing.
  from {
    select "object" { kinds = ["CronJob"] }
    unless {
      path   = "spec.suspend"
      equals = true
    }
    let "place" { text = "{stack}" }
    let "mark" { path = "metadata.name" }
  }
  from {
    select "object" { kinds = ["CronJob", "Deployment", "StatefulSet"] }
    unless {
      path   = "spec.suspend"
      equals = true
    }
    let "place" { text = "{stack}" }
    each "mark" {
      path = ["spec.jobTemplate.spec.template.spec.volumes[*].nfs.path", "spec.template.spec.volumes[*].nfs.path"]
    }
  }
}

# The database servers of each stack, and their release.
gather "servers" {
  label = "the server is here"
  from {
    select "object" { kinds = ["Deployment", "StatefulSet"] }
    each "image" { path = "spec.template.spec.containers[*].image" }
  }
  # An operator makes the pods.
  from {
    select "object" {
      kinds = ["Cluster"]
      api   = ["postgresql.cnpg.io/*"]
    }
    let "image" { path = "spec.imageName" }
  }
  let "place" { text = "{stack}" }
  let "server_image" { path = "image" }
  let "repository" {
    path    = "image"
    capture = param.server_name
  }
  each "kind" { texts = param.server_products }
  where {
    path   = "repository"
    equals = "{kind}"
  }
  let "product" { text = "{kind_value}" }
  let "release" {
    path    = "image"
    capture = param.server_release
  }
}
