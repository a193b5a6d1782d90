summary    = "database or alerting that an operator runs keeps its data on NFS"
convention = "B14"
severity   = "error"

select "object" { kinds = param.operated_kinds }

forbid "class" {
  path = [
    "spec.**.storageClass", "spec.**.storageClassName", "spec.**.storage.class", "spec.**.volumes[*].class",
  ]
  one_of = param.nfs_classes
}

case "class" {
  message = "`{name}` keeps data on NFS (class `{value}`): a lost connection tears its files, and it is away whenever the server is"
  help    = "write a block storage class"
}
