@remark@
module "@id@" {
  source           = "@up@modules/kubernetes/anubis_instance"
  name             = "@name@"
  namespace        = @namespace@
  target_url       = "http://@name@.svc.cluster.local"
  shared_store_url = "redis://redis.redis.svc.cluster.local:6379/@number@"
}

