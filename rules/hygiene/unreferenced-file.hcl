summary    = "values or template file that nothing reads"
convention = "D12"
severity   = "info"
facts      = "repo"

check "unreferenced_file" {
  files     = param.value_files
  documents = param.documents
}

case "unreferenced" {
  message = "nothing in the repo reads `{file}`"
  help    = "delete the file, or read it"
}
