resource "kubernetes_persistent_volume_claim" "@id@" {
  wait_until_bound = false
  metadata {
    name      = "@name@-data"
    namespace = @namespace@
@annotations@
  }
  spec {
    access_modes       = ["ReadWriteOnce"]
    storage_class_name = "proxmox-lvm"
    resources {
      requests = {
        storage = "2Gi"
      }
    }
  }
  lifecycle {
    @remark@
    ignore_changes = [@requests_entry@]
  }
}

