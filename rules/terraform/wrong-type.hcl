summary    = "input or default is of another type than its variable"
convention = "E11"
severity   = "error"

check "wrong_type" {
  values = param.loaded_values
  units  = param.units
}

case "wrong" {
  message = "`{path}` is {given}, and its type says {wanted}: Terraform refuses it"
  help    = "write {wanted}, or change the type"
}

case "missing" {
  message = "`{path}` has no `{attribute}`, and its type requires one: Terraform refuses it"
  help    = "add `{attribute} = …`, or make it `optional(…)` in the type"
}
