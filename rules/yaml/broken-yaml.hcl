summary    = "pipeline, compose file or configuration is not valid YAML"
convention = "E11"
severity   = "error"

check "broken_yaml" {
  files  = param.named_files
  filled = param.filled_files
  marks  = param.template_marks
}

case "broken" {
  message = "{problem}: whatever reads this file refuses all of it"
  help    = "mend the line, or the one above it: indentation, quotes, a missing `:`"
}
