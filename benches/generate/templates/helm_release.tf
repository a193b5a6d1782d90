resource "helm_release" "@id@" {
  name       = "@name@"
  namespace  = @namespace@
  repository = "https://charts.example.com/@name@"
  chart      = "@name@"
  version    = "1.@number@.0"
  atomic     = true
  @remark@
  values = [yamlencode({
    image = {
      repository = "docker.io/example/@name@"
      tag        = "1.@number@.0"
    }
    replicas = 1
    resources = {
      requests = { cpu = "25m", memory = "128Mi" }
      limits   = { memory = "256Mi" }
    }
    persistence = {
      enabled = true
      @remark@
      existingClaim = "@name@-data"
    }
    ingress = { enabled = false }
  })]
}

