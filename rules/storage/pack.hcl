summary = "volumes, their growth and their safety"

applies_when {
  file {
    path     = "**/*.tf"
    contains = "resize.topolvm.io/"
  }
}

params {
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

  # The threshold is free space: above this, a half-empty volume grows.
  threshold_max_percent = 50
}
