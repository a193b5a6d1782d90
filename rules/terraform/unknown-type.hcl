summary    = "variable has a type that Terraform does not know"
convention = "E11"
severity   = "error"
facts      = "stack"

check "unknown_type" {
  foreign = param.foreign_types
}

case "unknown" {
  message = "Terraform knows no type `{name}`, and refuses the module"
  help    = "write a type that it knows: `string`, `number`, `bool`, `any`, `list(…)`, `set(…)`, `map(…)`, `object({{ … }})` or `tuple([ … ])`{nearest}"
}

case "bare" {
  message = "the type `{name}` says nothing of what is in it, and Terraform refuses the module"
  help    = "write `{name}(…)`"
}

case "quoted" {
  message = "Terraform knows no type `{name}` between quotes, and refuses the module"
  help    = "write `{name}` without quotes"
}
