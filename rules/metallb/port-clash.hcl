summary    = "two services claim the same port of one address"
convention = "D15"
severity   = "error"
facts      = "repo"

select "row" { of = "ports" }

let "address" { path = "ip" }

let "wanted" { path = "number" }

let "transport" { path = "protocol" }

forbid "taken" {
  at = "number"
  exists {
    in      = "ports"
    match   = { ip = "{address}", number = "{wanted}", protocol = "{transport}" }
    earlier = true
  }
}

case "taken" {
  message = "port {wanted} ({transport}) of `{address}` belongs to another service already: MetalLB leaves this one without an address"
  help    = "choose another port, or an address of its own"
}
