@remark@
resource "kubernetes_manifest" "@id@" {
  manifest = {
    apiVersion = "external-secrets.io/v1beta1"
    kind       = "ExternalSecret"
    metadata = {
      name      = "@name@-secrets"
      namespace = @namespace@
      labels    = { app = "@name@" }
    }
    spec = {
      refreshInterval = "15m"
      secretStoreRef = {
        name = "vault-kv"
        kind = "ClusterSecretStore"
      }
      @remark@
      target = {
        name = "@name@-secrets"
        template = {
          type = "Opaque"
          metadata = {
            annotations = {
              "reloader.stakater.com/match" = "true"
            }
          }
          data = {
            DATABASE_URL = "postgresql://@name@:{{ .password }}@postgresql.dbaas:5432/@name@"
          }
        }
      }
      data = [
        {
          secretKey = "database_password"
          remoteRef = { key = local.name_@stack@, property = "password" }
        },
        {
          secretKey = "session"
          remoteRef = { key = local.name_@stack@, property = "session" }
        },
      ]
    }
  }
}

