summary = "what a plan must not do: judged where `check` is given plans"

# Any repo could live by these rules; where nothing shows that it does, `check --plan FILE --rule plans` asks for them.
applies_when {
  file {
    path     = "scripts/tg"
    contains = "TIER0_STACKS"
  }
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
