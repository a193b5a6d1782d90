summary  = "script gives a program of busybox what only GNU's understands"
severity = "warning"
facts    = "repo"

select "row" { of = "gnu_calls" }

forbid "refused" {
  path    = "option"
  present = true
  derive  = false
}

case "refused" {
  message = "`{program}` of `{image}` is busybox's and does not know `{option}`: it fails here"
  help    = "write it without, take an image with GNU's programs, or install them first (`apk add coreutils findutils grep tar`)"
}
