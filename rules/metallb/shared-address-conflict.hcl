summary    = "services cannot share the address that they ask for"
convention = "B44"
severity   = "error"
facts      = "repo"

select "object" { kinds = ["Service"] }

# What no stack calls makes no service.
where {
  text   = "{live}"
  equals = "true"
}

where {
  path   = "spec.type"
  equals = "LoadBalancer"
}

each "prefix" { texts = ["metallb.io", "metallb.universe.tf"] }

# In one of the two annotations, or in the older field.
each "ip" {
  path  = ["metadata.annotations[\"{prefix}/loadBalancerIPs\"]", "spec.loadBalancerIP", "spec.load_balancer_ip"]
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

where {
  exists {
    in    = "addresses"
    match = { ip = "{ip}" }
    other = true
  }
}

# The key of those that share.
let "shared" {
  in     = "shared_addresses"
  match  = { ip = "{ip}" }
  column = "key"
}

forbid "local" {
  path   = "spec.externalTrafficPolicy"
  equals = "Local"
}

forbid "no_key" {
  path  = "key"
  empty = true
  at    = "metadata.annotations[\"{prefix}/loadBalancerIPs\"]"

  # Of two keys it is not clear which one is meant.
  fix {
    when {
      not {
        exists {
          in      = "shared_addresses"
          match   = { ip = "{ip}" }
          differs = { key = "{shared}" }
        }
      }
    }
    title = "share it as `{shared}`"
    set   = { "metadata.annotations[\"{prefix}/allow-shared-ip\"]" = "{shared}" }
  }
}

# A service without a key is told so itself, and whoever has the key of others is not the odd one, as long as no others agree on
# another.
forbid "other_key" {
  when {
    path    = "key"
    matches = "."
    not {
      all {
        exists {
          in    = "common_keys"
          match = { ip = "{ip}", key = "{key}" }
        }
        not {
          exists {
            in      = "common_keys"
            match   = { ip = "{ip}" }
            differs = { key = "{key}" }
          }
        }
      }
    }
  }
  exists {
    in      = "shared_addresses"
    match   = { ip = "{ip}" }
    differs = { key = "{key}" }
    other   = true
  }
  at = "metadata.annotations[\"{prefix}/loadBalancerIPs\"]"
}

# A chart is not told by itself.
forbid "other_key" {
  when {
    path    = "key"
    matches = "."
    not {
      exists {
        in      = "shared_addresses"
        match   = { ip = "{ip}" }
        differs = { key = "{key}" }
      }
    }
  }
  exists {
    in    = "addresses"
    match = { ip = "{ip}", by = "chart", key = "" }
    other = true
  }
  at = "metadata.annotations[\"{prefix}/loadBalancerIPs\"]"
}

case "local" {
  message = "`externalTrafficPolicy: Local` on an address that others share (`{ip}`): MetalLB allows that only where all pods are the same"
  help    = "write `Cluster`, or give the service an address of its own"
}

case "no_key" {
  message = "other services have `{ip}` too, and `{name}` does not say that it shares: MetalLB leaves one of them without an address"
  help    = "add `\"metallb.io/allow-shared-ip\"` with the key of the others"
}

case "other_key" {
  message = "`{name}` shares `{ip}` under the key `{key}`, and another under a different one, or none: MetalLB leaves one of them without an address"
  help    = "write the same `\"metallb.io/allow-shared-ip\"` in both"
}
