summary    = "exception for a found secret leads to a line that is not there"
convention = "C60"
severity   = "info"
facts      = "repo"

check "fingerprint_lines" {
  files = param.fingerprints
  signs = param.fingerprint_signs
}

case "file" {
  message = "there is no `{path}`: this exception is for nothing, and would cover whatever is put there"
  help    = "take the line out, or write where the file is now"
}

case "line" {
  message = "`{path}` has no line {line}: what this exception is for has moved, and is found again"
  help    = "write the number of its line now"
}

case "other" {
  message = "line {line} of `{path}` has nothing that `{rule}` finds: what this exception is for has moved, and is found again"
  help    = "write the number of its line now, or take this one out"
}

case "moved" {
  message = "line {line} of `{path}` has nothing that `{rule}` finds: what this exception is for has moved, and is found again"
  help    = "write the number of its line now, which may be {likely}"
}
