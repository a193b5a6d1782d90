summary    = "chart of a database, of Vault or of alerting asks for a volume on NFS"
convention = "B14"
severity   = "error"

select "resource" {
  types = ["helm_release"]
}

where {
  path = "chart"
  like = param.critical_charts
}

# Where it stands in values, and in each `set`, as a block or in a list.
each "place" {
  path = [
    "values[*].**.storageClass", "values[*].**.storageClassName", "values[*].**.storage_class", "values[*].**.defaultStorageClass",
    "set[*]", "set_sensitive[*]",
  ]
}

forbid "class" {
  path   = "place"
  one_of = param.nfs_classes
}

forbid "class" {
  when {
    path    = "place.name"
    matches = "(?:[sS]torageClass(?:Name)?|storage_class)$"
  }
  path   = "place.value"
  one_of = param.nfs_classes
}

case "class" {
  message = "release `{name}` keeps data on NFS (class `{value}`): a lost connection tears its files, and it is away whenever the server is"
  help    = "write a block storage class"
}
