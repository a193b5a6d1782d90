summary    = "Terraform file is not laid out as `terraform fmt` has it"
convention = "E11"
severity   = "warning"

check "unformatted" {
  files = param.formatted_files
}

case "unformatted" {
  message = "not in the canonical format: `{program} fmt` changes {lines}"
  help    = "run `{program} fmt {path}`"
}
