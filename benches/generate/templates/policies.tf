resource "kubernetes_manifest" "require_trusted_registries" {
  manifest = {
    apiVersion = "kyverno.io/v1"
    kind       = "ClusterPolicy"
    metadata = {
      name = "require-trusted-registries"
    }
    spec = {
      validationFailureAction = "Enforce"
      background              = true
      rules = [{
        name  = "validate-registries"
        match = { any = [{ resources = { kinds = ["Pod"] } }] }
        exclude = {
          any = [{ resources = { namespaces = ["kube-system", "kyverno"] } }]
        }
        validate = {
          message = "images must come from trusted registries"
          pattern = {
            spec = {
              containers = [{
                @remark@
                image = "docker.io/* | ghcr.io/* | quay.io/* | registry.k8s.io/* | lscr.io/* | gcr.io/* | public.ecr.aws/* | mcr.microsoft.com/* | alpine* | busybox* | postgres* | redis* | nginx* | python* | curlimages/* | bitnami/* | grafana/* | prom/* | linuxserver/* | vaultwarden/* | nextcloud* | mariadb* | mysql* | mongo* | rabbitmq* | hashicorp/* | traefik* | netboxcommunity/*"
              }]
            }
          }
        }
      }]
    }
  }
}

resource "kubernetes_manifest" "inject_ndots" {
  manifest = {
    apiVersion = "kyverno.io/v1"
    kind       = "ClusterPolicy"
    metadata = {
      name = "inject-ndots"
    }
    spec = {
      rules = [{
        name  = "inject-ndots"
        match = { any = [{ resources = { kinds = ["Pod"] } }] }
        exclude = {
          any = [{ resources = { namespaces = ["kube-system"] } }]
        }
        mutate = {
          patchStrategicMerge = {
            spec = {
              dnsConfig = {
                options = [{ name = "ndots", value = "2" }]
              }
            }
          }
        }
      }]
    }
  }
}
