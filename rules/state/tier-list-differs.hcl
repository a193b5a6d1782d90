summary    = "copies of the list of first stacks do not agree"
convention = "B35"
severity   = "error"
facts      = "repo"

check "list_agrees" {
  list   = param.first_tier
  copies = param.first_tier_copies
  files  = param.first_tier_files
}

case "copy" {
  message = "this copy of the list of first stacks differs from the one in `{file}`: {difference}"
  help    = "write the same names in both"
}

case "files" {
  message = "the files `{files}` differ from this list: {difference}"
  help    = "add or delete a name here, or a file there"
}
