summary  = "script ends because a command stops reading before the one in front of it has written all"
severity = "warning"
facts    = "repo"

select "row" { of = "cut_off_streams" }

let "writer" { path = "stream.name" }

let "stops" { path = "reader.name" }

forbid "cut" {
  path    = "reader.name"
  present = true
  derive  = false
  related = { "stream.name" = "this may still write" }
}

case "cut" {
  message = "`{stops}` stops reading as soon as it has what it wants: where `{writer}` still writes, that kills it, and with `pipefail` it ends the script"
  help    = "keep the output first (`out=$({writer} …)`), and look into that"
}
