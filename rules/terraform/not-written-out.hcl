summary    = "list of addresses, or a value that Terraform only takes as it is, is worked out"
convention = "E11"
severity   = "error"

check "not_written_out" {}

case "list" {
  message = "`{argument}` is no list that is written out: Terraform refuses it, because it reads it before anything is worked out"
  help    = "write the entries between `[` and `]`"
}

case "entry" {
  message = "`{entry}` is no address: Terraform works out nothing in `{argument}`, and refuses it"
  help    = "write the address of what is meant, without quotes, conditions and keys that have to be worked out"
}

case "part" {
  message = "`{entry}` is only a part of something: Terraform takes nothing but whole objects in `depends_on`"
  help    = "write `{whole}`"
}

case "wildcard" {
  message = "`{written}` is not how everything is ignored: Terraform refuses it"
  help    = "write `ignore_changes = all`, without quotes"
}

case "trigger" {
  message = "`{entry}` is no resource, and nothing else can be in `replace_triggered_by`: Terraform refuses it"
  help    = "name a resource; what a variable or a local says goes through a `terraform_data` with that as its `input`"
}

case "literal" {
  message = "`{reference}` in `{argument}`: Terraform takes nothing there that has to be worked out"
  help    = "write out what it comes to: `true`, `false` or a text"
}
