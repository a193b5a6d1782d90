variable "namespace" { type = string }
variable "tls_secret_name" { type = string }

resource "kubernetes_secret" "tls" {
  metadata {
    name      = var.tls_secret_name
    namespace = var.namespace
  }
  type = "kubernetes.io/tls"
  data = {
    "tls.crt" = file("${path.module}/../../../secrets/fullchain.pem")
    "tls.key" = file("${path.module}/../../../secrets/privkey.pem")
  }
}
