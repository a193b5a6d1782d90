@remark@
resource "kubernetes_cron_job_v1" "@id@" {
  metadata {
    name      = "@name@"
    namespace = @namespace@
  }
  spec {
    schedule                      = "@number@ 3 * * *"
    concurrency_policy            = "Forbid"
    failed_jobs_history_limit     = 3
    successful_jobs_history_limit = 1
    job_template {
      metadata {}
      spec {
        backoff_limit              = 1
        ttl_seconds_after_finished = 3600
        template {
          metadata {}
          spec {
            restart_policy = "Never"
            container {
              name  = "@name@"
              image = @image@
              command = ["/bin/bash", "-c", <<-EOT
@script@
              EOT
              ]
              env {
                name  = "TARGET"
                value = "/backup/${local.name_@stack@}"
              }
              volume_mount {
                name       = "backup"
                mount_path = "/backup"
              }
              resources {
                requests = { cpu = "10m", memory = "64Mi" }
                limits   = { memory = "256Mi" }
              }
            }
            volume {
              name = "backup"
              persistent_volume_claim {
                claim_name = "@name@-backup"
              }
            }
          }
        }
      }
    }
  }
  lifecycle {
    # KYVERNO_LIFECYCLE_V1 @note@
    ignore_changes = [spec[0].job_template[0].spec[0].template[0].spec[0].dns_config]
  }
}

