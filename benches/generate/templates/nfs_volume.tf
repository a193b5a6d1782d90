@remark@
module "@id@" {
  source     = "@up@modules/kubernetes/nfs_volume"
  name       = "@name@"
  namespace  = @namespace@
  nfs_server = var.nfs_server
  nfs_path   = "/srv/nfs/@name@"
  storage    = "10Gi"
}

