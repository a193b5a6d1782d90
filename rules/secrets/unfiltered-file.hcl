summary    = "file that holds credentials by its name does not go through the filter that encrypts it"
convention = "C59"
severity   = "error"
facts      = "repo"

check "unfiltered_file" {
  files  = param.filtered_files
  except = param.unfiltered_files
  filter = param.filter
}

case "unfiltered" {
  message = "no line of `.gitattributes` has `{path}` encrypted: git keeps it as it is, and the mirror shows it to everybody"
  help    = "add a line for it to `.gitattributes`, with `filter={filter} diff={filter}`, and commit the file anew"
}
