summary    = "service asks for an address that MetalLB does not have"
convention = "B44"
severity   = "error"
facts      = "repo"

select "row" { of = "addresses" }

where {
  exists { in = "pools" }
}

let "network" {
  path    = "ip"
  capture = "^(?<value>\\d+\\.\\d+\\.\\d+)\\.\\d+$"
}

unknown {
  because = "a range of the pools is in another notation than `FIRST-LAST`"
  exists {
    in    = "pools"
    match = { network = "unreadable" }
  }
}

unknown {
  because = "MetalLB has several ranges of the network of `{ip}`, and which is meant is not known"
  exists {
    in       = "pools"
    match    = { network = "{network}" }
    at_least = 2
  }
}

let "host" {
  path    = "ip"
  capture = "\\.(?<value>\\d+)$"
}

let "first" {
  in      = "pools"
  match   = { network = "{network}" }
  column  = "first"
  default = "256"
}

let "last" {
  in      = "pools"
  match   = { network = "{network}" }
  column  = "last"
  default = "0"
}

require "outside" {
  at       = "ip"
  path     = "host"
  as       = "number"
  at_least = "{first}"
  at_most  = "{last}"
}

case "outside" {
  when {
    text   = "{kind}"
    equals = "helm_release"
  }
  message = "`{ip}` is in no pool of MetalLB: a service of the chart of `{name}` stays without an address"
  help    = "choose an address of the pool"
}

case "outside" {
  message = "`{ip}` is in no pool of MetalLB: service `{name}` stays without an address"
  help    = "choose an address of the pool"
}
