summary = "volumes, their growth and their safety"

applies_when {
  file {
    path     = "**/*.tf"
    contains = "resize.topolvm.io/"
  }
}

params {
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
