module "@id@" {
  source = "@up@modules/kubernetes/ingress_factory"
  @remark@
@auth@
  namespace         = @namespace@
  name              = "@name@"
  dns_type          = "proxied"
  tls_secret_name   = var.tls_secret_name
  extra_middlewares = ["traefik-limits@kubernetescrd"]
  extra_annotations = {
    "gethomepage.dev/enabled"     = "true"
    "gethomepage.dev/name"        = "@name@"
    "gethomepage.dev/description" = "@words@"
    "gethomepage.dev/icon"        = "@name@.png"
    "gethomepage.dev/group"       = "Apps"
  }
}

