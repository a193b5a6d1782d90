summary    = "argument or block of Terraform's own stands where it is not taken"
convention = "E11"
severity   = "error"
facts      = "stack"

check "misplaced_argument" {}

case "misplaced" {
  message = "`{block}` takes no `{name}`: Terraform refuses it"
  help    = "delete it; {takers}"
}

case "inner" {
  message = "a module call takes no blocks, and `{name}` is one: Terraform refuses it"
  help    = "write `{name} = {{ … }}`, if the module has such a variable"
}

case "dynamic" {
  message = "`{name}` is read before anything is repeated: Terraform takes no `dynamic` one"
  help    = "write it out"
}

case "second" {
  message = "`{block}` has a data source of its own already: Terraform refuses another one"
  help    = "move it to the top of the file, or into a `check` of its own"
}
