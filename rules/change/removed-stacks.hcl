summary  = "change takes many stacks away"
severity = "error"

check "removed_stacks" { most = param.most_removed }

case "removed" {
  message = "this takes {count} stacks away ({names}), and leaves {left}"
  help    = "if it was not meant, the files were missing where it was committed: take them from the state before, as with `git restore --source=HEAD~1 -- .`"
}
