summary = "what a plan must not do: judged where `check` is given plans"

applies_when {
  file { path = "**/*.tf" }
}

params {
  # What keeps data: destroying one destroys what is in it, whatever comes after.
  data_types = [
    "kubernetes_persistent_volume*",
    "kubernetes_namespace*",
    "*_database*",
    "*_db_instance",
    "*_rds_cluster",
    "*_s3_bucket",
    "*_storage_bucket",
    "*_volume",
    "*_disk",
  ]
}
