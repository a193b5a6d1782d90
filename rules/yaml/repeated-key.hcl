summary    = "pipeline or compose file says the same key twice"
convention = "E11"
severity   = "error"

select "file" { files = param.named_files }

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
  message = "`{entry_key}` stands here a second time: whoever reads this file refuses it, or takes no notice of the first"
  help    = "merge the two, or delete one"
}
