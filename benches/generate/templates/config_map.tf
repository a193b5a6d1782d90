resource "kubernetes_config_map" "@id@" {
  metadata {
    name      = "@name@-config"
    namespace = @namespace@
    annotations = {
      "reloader.stakater.com/match" = "true"
    }
  }
  data = {
    @remark@
    "run.sh"      = <<-EOT
@script@
    EOT
    "config.yaml" = yamlencode({
      server = {
        host = "0.0.0.0"
        port = @port@
      }
      @remark@
      storage = { path = "/data", retention = "30d" }
      origins = ["https://${local.name_@stack@}.${var.domain}", "https://www.${var.domain}"]
    })
    "notes.yaml" = <<-EOT
      @remark@
      receivers:
        - name: default
          webhook: http://alertmanager.monitoring.svc:9093/api/v2/alerts
      routes:
        - match: { app: @name@ }
          receiver: default
    EOT
  }
}

