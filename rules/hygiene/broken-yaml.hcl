summary    = "pipeline or compose file is not valid YAML"
convention = "E11"
severity   = "error"

check "broken_yaml" {
  files = param.yaml.named_files
}

case "broken" {
  message = "{problem}: whatever reads this file refuses all of it"
  help    = "mend the line, or the one above it: indentation, quotes, a missing `:`"
}
