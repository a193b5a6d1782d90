summary    = "network is trusted by a copy of the list, and not by the list"
convention = "C40"
severity   = "error"
facts      = "repo"

select "row" { of = "repeated" }

require "more" {
  derive = false
  path   = "network"
  in     = "trusted.network"
}

case "more" {
  message = "`{value}` is trusted here and not in the list that defines the trusted networks: one wall lets it in and the other does not"
  help    = "add it to the list too, or delete it here"
}
