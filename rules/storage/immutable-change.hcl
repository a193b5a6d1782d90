summary    = "change of something about a volume that cannot be changed"
convention = "E15"
severity   = "error"

check "immutable_value" {
  values = [
    { types = param.claim_types, path = "spec[0].resources[0].requests", key = "storage", grows = true },
    { types = param.claim_types, path = "spec[0].storage_class_name" },
    { types = param.claim_types, path = "spec[0].access_modes" },
    { types = param.claim_types, path = "spec[0].volume_name" },
    { types = param.volume_types, path = "spec[0].persistent_volume_source[0].csi[0].volume_attributes" },
    { types = param.volume_types, path = "spec[0].persistent_volume_source[0].csi[0].volume_handle" },
    { types = param.volume_types, path = "spec[0].persistent_volume_source[0].nfs[0].server" },
    { types = param.volume_types, path = "spec[0].persistent_volume_source[0].nfs[0].path" },
    { types = param.class_types, path = "storage_provisioner" },
    { types = param.class_types, path = "parameters" },
    { modules = param.volume_modules, path = "nfs_server" },
    { modules = param.volume_modules, path = "nfs_path" },
    { modules = param.volume_modules, path = "storage", grows = true },
    { modules = param.volume_modules, path = "access_modes" },
  ]

  fields = [
    { kinds = ["PersistentVolumeClaim"], path = "spec.resources.requests.storage", grows = true },
    { kinds = ["PersistentVolumeClaim"], path = "spec.storageClassName" },
    { kinds = ["PersistentVolumeClaim"], path = "spec.accessModes" },
    { kinds = ["PersistentVolumeClaim"], path = "spec.volumeName" },
    { kinds = ["PersistentVolume"], path = "spec.csi.volumeAttributes" },
    { kinds = ["PersistentVolume"], path = "spec.csi.volumeHandle" },
    { kinds = ["PersistentVolume"], path = "spec.nfs.server" },
    { kinds = ["PersistentVolume"], path = "spec.nfs.path" },
    { kinds = ["StorageClass"], path = "provisioner" },
    { kinds = ["StorageClass"], path = "parameters" },
  ]
  files = param.manifest_files
}

case "smaller" {
  message = "`{field}` of `{address}` goes from `{from}` to `{to}`, and a volume cannot shrink: the apply is rejected"
  help    = "write `{from}` again, or make a new claim of that size and move the data"
}

case "changed" {
  message = "`{field}` of `{address}` goes from `{from}` to `{to}`: the apply is rejected, or replaces the volume and its data"
  help    = "make a new volume and claim under another name (with a suffix such as `-host`), and move the data"
}
