@remark@
variable "name" { type = string }
variable "namespace" { type = string }
variable "tls_secret_name" { type = string }

variable "host" {
  type    = string
  default = null
}

variable "auth" {
  type        = string
  default     = "required"
  description = "@words@"
  validation {
    condition     = contains(["required", "app", "public", "none"], var.auth)
    error_message = "auth is one of required, app, public, none"
  }
}

variable "dns_type" {
  type    = string
  default = "none"
}

variable "extra_middlewares" {
  type    = list(string)
  default = []
}

variable "extra_annotations" {
  type    = map(string)
  default = {}
}

locals {
  effective_host = var.host != null ? var.host : var.name
  @remark@
  middlewares = concat(
    var.auth == "required" ? ["traefik-forward-auth@kubernetescrd"] : [],
    var.extra_middlewares,
  )
}

resource "kubernetes_ingress_v1" "this" {
  metadata {
    name      = var.name
    namespace = var.namespace
    annotations = merge({
      "traefik.ingress.kubernetes.io/router.middlewares" = join(",", local.middlewares)
    }, var.extra_annotations)
  }
  spec {
    ingress_class_name = "traefik"
    tls {
      hosts       = ["${local.effective_host}.example.com"]
      secret_name = var.tls_secret_name
    }
    rule {
      host = "${local.effective_host}.example.com"
      http {
        path {
          path = "/"
          backend {
            service {
              name = var.name
              port {
                number = 80
              }
            }
          }
        }
      }
    }
  }
}
