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

case "parts" {
  message = "the type `{name}` takes {wanted} between its parentheses: Terraform refuses the module"
  help    = "write what it is made of"
}

case "optional" {
  message = "`optional(…)` is no type, but says that an attribute of an object may be left out: Terraform refuses the module"
  help    = "give the variable a `default`"
}
