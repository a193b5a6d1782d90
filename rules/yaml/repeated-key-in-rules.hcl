summary  = "rules of Prometheus say the same key twice"
severity = "error"

select "file" {
  files  = param.documents
  except = param.not_read
  words  = ["expr:"]
}

# What is to be made a file of rules first has its names in other places.
where {
  path    = "groups[*].rules[*].expr"
  present = true
}

each "entry" { twice = true }

forbid "twice" {
  path      = "entry_key"
  present   = true
  at        = "entry"
  underline = "key"
  related   = { "entry_before" = "the key is here, too" }
  derive    = false
}

case "twice" {
  message = "`{entry_key}` stands here a second time: Prometheus refuses the file, and with it all rules that it has"
  help    = "merge the two, or delete one"
}
