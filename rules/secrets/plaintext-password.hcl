summary    = "password, token or key is written as a literal"
convention = "B34"
severity   = "error"
facts      = "repo"
yields_to  = ["secrets/plaintext-token"]

select "row" { of = "written_credentials" }

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
  message = "what is called `{named}` is written here in the clear: everybody who has, or ever had, a copy of the repo can use it"
  help    = "change it first; then keep the new one in Vault, and read it through an ExternalSecret"
}
