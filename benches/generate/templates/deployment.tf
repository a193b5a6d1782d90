@remark@
resource "kubernetes_deployment" "@id@" {
  metadata {
    name      = "@name@"
    namespace = @namespace@
    labels = {
      app  = "@name@"
      tier = local.tiers.edge
      @remark@
      "sleep.example.com/enable" = "true"
      "sleep.example.com/group"  = "@name@"
    }
    annotations = {
      "reloader.stakater.com/search" = "true"
    }
  }
  spec {
    replicas = 1
    strategy {
      type = "Recreate"
    }
    selector {
      match_labels = {
        app = "@name@"
      }
    }
    template {
      metadata {
        labels = {
          app = "@name@"
        }
        annotations = {
          @remark@
          "diun.enable"       = "true"
          "diun.include_tags" = "^\\d+\\.\\d+\\.\\d+$"
          "dependency/wait"   = "postgresql.dbaas:5432,redis.redis:6379"
        }
      }
      spec {
        @remark@
        init_container {
          name    = "prepare"
          image   = "docker.io/library/alpine:3.20"
          command = ["sh", "-c", "mkdir -p /data/${local.name_@id@} && chown -R 1000:1000 /data"]
          volume_mount {
            name       = "data"
            mount_path = "/data"
          }
        }
        container {
          name              = "@name@"
          image             = @image@
          image_pull_policy = "IfNotPresent"
          port {
            name           = "http"
            container_port = @port@
            protocol       = "TCP"
          }
          env {
            name  = "BASE_URL"
            value = "https://${local.name_@id@}.${var.domain}"
          }
          env {
            name  = "TZ"
            value = "Europe/London"
          }
          env {
            @remark@
            name  = "LOG_LEVEL"
            value = "info"
          }
          env {
            name = "DATABASE_PASSWORD"
            value_from {
              secret_key_ref {
                name = "@name@-secrets"
                key  = "database_password"
              }
            }
          }
          env {
            name  = "REDIS_URL"
            value = "redis://redis.redis.svc.cluster.local:6379/@number@"
          }
          volume_mount {
            name       = "data"
            mount_path = "/data"
            sub_path   = "data"
          }
          volume_mount {
            name       = "config"
            mount_path = "/etc/@name@"
            read_only  = true
          }
          liveness_probe {
            http_get {
              path = "/healthz"
              port = @port@
            }
            initial_delay_seconds = 30
            period_seconds        = 30
          }
          @remark@
          startup_probe {
            http_get {
              path = "/healthz"
              port = @port@
            }
            failure_threshold = 30
            period_seconds    = 5
          }
          resources {
            requests = {
              cpu    = "10m"
              memory = "128Mi"
            }
            limits = {
              @remark@
              memory = "512Mi"
            }
          }
        }
        volume {
          name = "data"
          persistent_volume_claim {
            claim_name = "@name@-data"
          }
        }
        volume {
          name = "config"
          config_map {
            name = "@name@-config"
          }
        }
      }
    }
  }
  lifecycle {
    ignore_changes = [
@dns_entry@
      metadata[0].annotations["keel.sh/policy"],
      metadata[0].annotations["keel.sh/trigger"],
      metadata[0].annotations["keel.sh/match-tag"],
      spec[0].template[0].spec[0].container[0].image, # KEEL_IGNORE_IMAGE @note@
      spec[0].replicas,                               # @note@
    ]
  }
}

