summary  = "object has an attribute that its type does not have"
severity = "warning"

check "dropped_attribute" {
  values = param.loaded_values
  units  = param.units
}

case "dropped" {
  message = "the type of `{path}` has no `{attribute}`: Terraform drops it without a word"
  help    = "delete it, or write another name{nearest}"
}
