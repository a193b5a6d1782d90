summary    = "name of a block that Terraform does not take"
convention = "E11"
severity   = "error"

check "unusable_name" {}

case "name" {
  message = "`{name}` cannot be the name of {what}: Terraform refuses all of the module"
  help    = "begin with a letter or `_`, and go on with letters, digits, `_` and `-`"
}

case "reserved" {
  message = "no variable can be called `{name}`: where the module is called, that means something else"
  help    = "give it another name"
}
