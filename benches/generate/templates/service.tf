resource "kubernetes_service" "@id@" {
  metadata {
    name      = "@name@"
    namespace = @namespace@
    labels = {
      "app" = "@name@"
    }
  }

  spec {
    selector = {
      app = "@name@"
    }
    port {
      name        = "http"
      port        = "80"
      target_port = "@port@"
    }
  }
}

