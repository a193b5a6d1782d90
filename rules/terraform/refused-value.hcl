summary  = "value is of a type that Terraform refuses where it stands"
severity = "error"
facts    = "stack"

check "refused_value" {
  files = param.code
}

case "for_each" {
  message = "`for_each` takes a map or a set of strings, and this is {type}: Terraform refuses it"
  help    = "write `toset(…)` around a list of texts, or make a map of it: `{{ for … }}`"
}

case "count" {
  message = "`count` takes a whole number, and this is {type}: Terraform refuses it"
  help    = "write `… ? 1 : 0` behind a condition, `length(…)` around a list"
}

case "condition" {
  message = "a condition is true or false, and this is {type}: Terraform refuses it"
  help    = "compare it with something"
}

case "flag" {
  message = "`{name}` is true or false, and this is {type}: Terraform refuses it"
  help    = "write `true` or `false`, or leave it out"
}

case "operand" {
  message = "the operator does not take {type}: Terraform refuses it"
  help    = "convert it, or compare it with something"
}

case "element" {
  message = "`{of}` is {type}, and has no `{name}`: Terraform refuses it as soon as there is an element"
  help    = "write what it has, or add it to the `type` of the variable{meant}"
}

case "attribute" {
  message = "`{of}` is {type}, and has no `{name}`: Terraform refuses it"
  help    = "write what it has, or add it to the `type` of the variable{meant}"
}
