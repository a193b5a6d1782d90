summary    = "trusted network is missing from the copy of the list"
convention = "C40"
severity   = "error"
facts      = "repo"

select "row" { of = "trusted" }

require "fewer" {
  derive = false
  path   = "network"
  in     = "repeated.network"
}

case "fewer" {
  message = "`{value}` is trusted here and missing where the list is repeated: one wall lets it in and the other does not"
  help    = "add it there too, or delete it here"
}
