summary  = "module does not say which versions of Terraform it takes"
severity = "warning"
facts    = "repo"

check "required_version" {}

case "missing" {
  message = "nothing in `{module}` says which versions of Terraform it takes: an older one fails somewhere in the middle of it"
  help    = "write `required_version = \">= …\"` in a `terraform` block"
}
