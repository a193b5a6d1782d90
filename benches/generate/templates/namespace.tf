resource "kubernetes_namespace" "@id@" {
  metadata {
    name = "@name@"
    labels = {
      "istio-injection"  = "disabled"
      tier               = local.tiers.edge
      "keel.sh/enrolled" = "true"
    }
  }
  lifecycle {
    @remark@
    ignore_changes = [metadata[0].labels["goldilocks.example.com/update-mode"]]
  }
}

