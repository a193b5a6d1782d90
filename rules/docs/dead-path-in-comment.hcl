summary    = "comment names a file that is not there"
convention = "C63"
severity   = "info"
facts      = "repo"

check "dead_path" {
  documents = []
  except    = param.history
  elsewhere = param.elsewhere
  roots     = param.roots
  # In a comment the repo stands before the path, or is said to be the one of the app: `git-sync docs/ssh.md`.
  gone      = "${param.gone}|${param.of_other_repos}|${param.path_of_other_repo}"
  commented = ["stacks/**/*.{tf,tf.json}", "modules/**/*.{tf,tf.json}", "**/terragrunt.hcl"]
}

case "link" {
  message = "this link leads to `{path}`, which is not there"
  help    = "write the path from this document to where the file is now"
}

case "anchor" {
  message = "there is no heading `#{anchor}` in this document"
  help    = "write the anchor of a heading"
}

case "path" {
  message = "`{path}` is not in the repo"
  help    = "write the path that the file has now"
}

case "comment" {
  message = "this comment sends the reader to `{path}`, which is not in the repo"
  help    = "write the path that the file has now, or say that it is gone"
}
