summary    = "chart of a database, of Vault or of alerting asks for a volume on NFS"
convention = "B14"
severity   = "error"

select "resource" {
  types = ["helm_release"]
}

where {
  path   = "chart"
  one_of = param.critical_charts
}

forbid "class" {
  path   = ["values[*].**.storageClass", "values[*].**.storageClassName"]
  one_of = param.nfs_classes
}

case "class" {
  message = "release `{name}` keeps data on NFS (class `{value}`): a lost connection tears its files, and it is away whenever the server is"
  help    = "write a block storage class"
}
