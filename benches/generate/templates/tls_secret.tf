module "@id@" {
  source          = "@up@modules/kubernetes/setup_tls_secret"
  namespace       = @namespace@
  tls_secret_name = var.tls_secret_name
}

