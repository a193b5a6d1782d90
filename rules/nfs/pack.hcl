summary = "volumes on NFS: how they are mounted, and what must not be on them"

applies_when {
  file {
    path     = "**/*.tf"
    contains = "modules/kubernetes/nfs_volume\""
  }
}

params {
  # The driver whose volumes are judged, and the module that makes them.
  driver        = "nfs.csi.k8s.io"
  volume_module = "**/nfs_volume"

  # How they are mounted: with an error, soon, when the server is away.
  mount_options = ["nfsvers=4", "soft", "timeo=30", "retrans=3", "actimeo=5"]

  # Where the server's exports are.
  export_roots = ["/srv/nfs", "/srv/nfs/*", "/srv/nfs-ssd", "/srv/nfs-ssd/*"]
}
