summary  = "values of a chart say the same key twice"
severity = "warning"

select "resource" { types = ["helm_release"] }

each "entry" {
  path  = "values[*]"
  twice = true
}

forbid "twice" {
  path      = "entry_key"
  present   = true
  at        = "entry"
  underline = "key"
  related   = { "entry_before" = "what is said here counts for nothing" }
  derive    = false
}

case "twice" {
  message = "`{entry_key}` stands here a second time: the first one and all that is in it count for nothing"
  help    = "merge the two, or delete the first"
}
