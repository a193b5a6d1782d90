summary    = "document leads to a file that is not there"
convention = "C62"
severity   = "info"
facts      = "repo"

check "dead_path" {
  documents = param.documents
  except    = param.history
  elsewhere = param.elsewhere
  roots     = param.roots
  gone      = "${param.gone}|${param.of_other_repos}|\\b(?:${param.other_repos})\\b[^.|]{0,32}(?:docs|scripts)/"
  commented = []

  mkdocs      = param.mkdocs_files
  docusaurus  = param.docusaurus_files
  page_makers = param.page_makers
}

case "link" {
  message = "this link leads to `{path}`, which is not there"
  help    = "write the path from this document to where the file is now"
}

case "anchor" {
  message = "there is no heading `#{anchor}` in `{path}`"
  help    = "write the anchor of a heading: in small letters, with hyphens for spaces"
}

case "path" {
  message = "`{path}` is not in the repo: whoever looks for it searches in vain"
  help    = "write the path that the file has now, or say that it is gone"
}

case "comment" {
  message = "`{path}` is not in the repo"
  help    = "write the path that the file has now"
}
