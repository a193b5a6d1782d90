variable "tls_secret_name" {
  type      = string
  sensitive = true
}

variable "nfs_server" { type = string }

variable "domain" {
  description = "@words@"
  type        = string
  default     = "example.com"
}

variable "image_tag" {
  type    = string
  default = "1.@number@.0"
}

locals {
  @remark@
  name_@stack@  = "@name@"
  image_@stack@ = "ghcr.io/viktorbarzin/@name@:${var.image_tag}"
  labels_@stack@ = merge({ app = "@name@" }, {
    "app.kubernetes.io/managed-by" = "terraform"
  })
}

