resource "kubernetes_service_account" "@id@" {
  metadata {
    name      = "@name@"
    namespace = @namespace@
  }
}

resource "kubernetes_cluster_role" "@id@" {
  metadata {
    name = "@name@"
  }
  @remark@
  rule {
    api_groups = [""]
    resources  = ["pods", "pods/log", "services"]
    verbs      = ["get", "list", "watch"]
  }
  rule {
    api_groups = ["apps"]
    resources  = ["deployments", "statefulsets"]
    verbs      = ["get", "list", "patch"]
  }
}

resource "kubernetes_cluster_role_binding" "@id@" {
  metadata {
    name = "@name@"
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = kubernetes_cluster_role.@id@.metadata[0].name
  }
  subject {
    kind      = "ServiceAccount"
    name      = kubernetes_service_account.@id@.metadata[0].name
    namespace = @namespace@
  }
}

