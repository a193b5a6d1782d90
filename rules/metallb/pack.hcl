summary = "addresses that MetalLB hands out, and services that share one"

applies_when {
  file {
    path     = "**/*.tf"
    contains = "# METALLB_LIFECYCLE_V1"
  }
}

# Before the first marker is written, too.
applies_when {
  file {
    path     = "**/*.tf"
    contains = "\"metallb.io/loadBalancerIPs\""
  }
  file {
    path     = "**/*.tf"
    contains = "# KYVERNO_LIFECYCLE_V1"
  }
}

# Services, and charts whose values describe one, with the address that they ask for.
gather "addresses" {
  label = "the address is taken here"
  from {
    select "object" { kinds = ["Service"] }
    where {
      path   = "spec.type"
      equals = "LoadBalancer"
    }
    # In an annotation, or in the older field.
    each "ip" {
      path = [
        "metadata.annotations[\"metallb.io/loadBalancerIPs\"]",
        "metadata.annotations[\"metallb.universe.tf/loadBalancerIPs\"]",
        "spec.loadBalancerIP",
        "spec.load_balancer_ip",
      ]
      split = ","
    }
    let "new_key" {
      path    = "metadata.annotations[\"metallb.io/allow-shared-ip\"]"
      default = ""
    }
    let "key" {
      path    = "metadata.annotations[\"metallb.universe.tf/allow-shared-ip\"]"
      default = "{new_key}"
    }
    let "by" { text = "service" }
  }
  from {
    select "resource" { types = ["helm_release"] }
    each "ip" {
      path = [
        "values[*].service.annotations[\"metallb.io/loadBalancerIPs\"]",
        "values[*].*.service.annotations[\"metallb.io/loadBalancerIPs\"]",
        "values[*].service.loadBalancerIP",
        "values[*].*.service.loadBalancerIP",
      ]
      split = ","
    }
    let "key" {
      path = [
        "values[*].service.annotations[\"metallb.io/allow-shared-ip\"]",
        "values[*].*.service.annotations[\"metallb.io/allow-shared-ip\"]",
      ]
      default = ""
    }
    let "by" { text = "chart" }
  }
}

# Those that say that they share, with their key.
gather "shared_addresses" {
  label = "the address is shared here"
  select "row" { of = "addresses" }
  where {
    path    = "key"
    matches = "."
  }
  let "ip" { path = "ip" }
  let "key" { path = "key" }
}

# The keys under which several share an address.
gather "common_keys" {
  label = "several share the address under this key"
  select "row" { of = "shared_addresses" }
  let "ip" { path = "ip" }
  let "key" { path = "key" }
  where {
    exists {
      in       = "shared_addresses"
      match    = { ip = "{ip}", key = "{key}" }
      at_least = 2
    }
  }
}

# Each port of each address.
gather "ports" {
  label = "the port is taken here"
  from {
    select "object" { kinds = ["Service"] }
    each "prefix" { texts = ["metallb.io", "metallb.universe.tf"] }
    each "ip" {
      path  = "metadata.annotations[\"{prefix}/loadBalancerIPs\"]"
      split = ","
    }
  }
  # What Kubernetes itself has for it, which MetalLB heeds as well.
  from {
    select "object" { kinds = ["Service"] }
    unless {
      path = [
        "metadata.annotations[\"metallb.io/loadBalancerIPs\"]",
        "metadata.annotations[\"metallb.universe.tf/loadBalancerIPs\"]",
      ]
      present = true
    }
    let "ip" { path = ["spec.loadBalancerIP", "spec.load_balancer_ip"] }
    where {
      path    = "ip"
      matches = "."
    }
  }
  where {
    path   = "spec.type"
    equals = "LoadBalancer"
  }
  each "port" { path = "spec.ports" }
  let "number" { path = "port.port" }
  let "protocol" {
    path    = "port.protocol"
    default = "TCP"
  }
}

# The ranges that MetalLB may hand out, as `a.b.c.first-a.b.c.last`.
gather "pools" {
  label = "the pool is declared here"
  select "object" {
    kinds = ["IPAddressPool"]
    api   = ["metallb.io/*"]
  }
  each "range" { path = "spec.addresses[*]" }
  let "network" {
    path    = "range"
    capture = "^(?<value>\\d+\\.\\d+\\.\\d+)\\.\\d+\\s*-"
    default = "unreadable"
  }
  let "first" {
    path    = "range"
    capture = "\\.(?<value>\\d+)\\s*-"
  }
  let "last" {
    path    = "range"
    capture = "-.*\\.(?<value>\\d+)$"
  }
}
