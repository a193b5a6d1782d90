variable "name" { type = string }
variable "namespace" { type = string }
variable "target_url" { type = string }
variable "shared_store_url" { type = string }

variable "image_tag" {
  type    = string
  default = "v1.22.0"
}

resource "kubernetes_deployment" "this" {
  metadata {
    name      = "anubis-${var.name}"
    namespace = var.namespace
  }
  spec {
    selector {
      match_labels = { app = "anubis-${var.name}" }
    }
    template {
      metadata {
        labels = { app = "anubis-${var.name}" }
      }
      spec {
        container {
          name  = "anubis"
          image = "ghcr.io/techarohq/anubis:${var.image_tag}"
          env {
            name  = "TARGET"
            value = var.target_url
          }
          env {
            name  = "STORE"
            value = var.shared_store_url
          }
        }
      }
    }
  }
  lifecycle {
    ignore_changes = [
      spec[0].template[0].spec[0].dns_config, # KYVERNO_LIFECYCLE_V1
    ]
  }
}
