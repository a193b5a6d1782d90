summary    = "two services claim the same port of one address"
convention = "D15"
severity   = "error"
select "row" { of = "addresses" }
where {
  path    = "ip"
  present = true
}
forbid "taken" {
  at = "number"
  exists {
    in    = "addresses"
    match = { ip = "{ip}", number = "{number}", protocol = "{protocol}" }
    earlier = true
  }
}
case "taken" {
  message = "`{ip}:{number}` is taken"
}
