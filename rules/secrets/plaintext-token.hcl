summary    = "token or private key stands in a file of the repo"
convention = "B34"
severity   = "error"
facts      = "repo"

select "row" { of = "written_tokens" }

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
  message = "a credential stands here in the clear: everybody who has, or ever had, a copy of the repo can use it"
  help    = "revoke it first; then keep the new one in Vault, and read it through an ExternalSecret"
}
