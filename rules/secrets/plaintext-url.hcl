summary    = "password stands in an address"
convention = "B34"
severity   = "error"
facts      = "repo"
yields_to  = ["secrets/plaintext-token"]

select "row" { of = "written_addresses" }

unless {
  exists {
    in    = "accepted_findings"
    match = { place = "{file}", number = "{number}" }
  }
}

forbid "plain" {
  path    = "credential"
  matches = "."
}

case "plain" {
  message = "a password stands in this address in the clear: everybody who has, or ever had, a copy of the repo can use it"
  help    = "change it first; then read it from Vault, through an ExternalSecret or the environment"
}
