@remark@
module "@id@" {
  source          = "./modules/@name@"
  tls_secret_name = var.tls_secret_name
  nfs_server      = var.nfs_server
  domain          = var.domain
}
