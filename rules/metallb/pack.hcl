summary = "addresses that MetalLB hands out"
applies_when {
  file {
    path     = "**/*.tf"
    contains = "metallb.io/"
  }
}
gather "addresses" {
  label = "the address is taken here"
  select "object" { kinds = ["Service"] }
  where {
    path   = "spec.type"
    equals = "LoadBalancer"
  }
  let "ip" { path = "metadata.annotations[\"metallb.io/loadBalancerIPs\"]" }
  each "port" { path = "spec.ports" }
  let "number" { path = "port.port" }
  let "protocol" {
    path    = "port.protocol"
    default = "TCP"
  }
}
