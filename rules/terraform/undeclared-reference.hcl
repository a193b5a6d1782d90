summary    = "code refers to something that its module does not declare"
convention = "E11"
severity   = "error"

check "undeclared_reference" {}

case "variable" {
  message = "`{reference}` is not declared in this module"
  help    = "add `variable \"{name}\" {{ … }}`, or write another name{nearest}"
}

case "local" {
  message = "`{reference}` is not declared in this module"
  help    = "add `{name} = …` to a `locals` block, or write another name{nearest}"
}

case "module" {
  message = "this module has no call `{reference}`"
  help    = "add `module \"{name}\" {{ … }}`, or write another name{nearest}"
}

case "output" {
  message = "the module in `{module}` has no output `{name}`"
  help    = "add `output \"{name}\" {{ … }}` there, or write another name{nearest}"
}

case "data" {
  message = "the data source `{reference}` is not declared in this module"
  help    = "declare it, or write another name{nearest}"
}

case "resource" {
  message = "the resource `{reference}` is not declared in this module"
  help    = "declare it, or write another name{nearest}"
}

case "name" {
  message = "`{reference}` alone names nothing that Terraform knows"
  help    = "write `var.{name}`, `local.{name}` or `\"{name}\"`, whichever is meant"
}

case "unrepeated" {
  message = "`{reference}` is known only in a block with `{argument}`, and this one has none"
  help    = "add `{argument}`, or write what is meant"
}

case "unexpanded" {
  severity = "warning"
  message  = "nothing declares `{reference}`: Terraform refuses this as soon as the dynamic block `{block}` has an element"
  help     = "declare it, or write another name"
}

case "in_default" {
  message = "`{reference}` stands in a default, and Terraform takes a default as it is written: it looks up nothing for it and calls nothing"
  help    = "make it a local that falls back: `coalesce(var.x, …)`, with `default = null`"
}

case "built_in" {
  message = "`{reference}` names nothing that Terraform knows"
  help    = "write one of {known}"
}

case "self" {
  message = "`self` is known only in provisioners, connections and postconditions: Terraform refuses it here"
  help    = "write what the block says itself, or a local that both take it from"
}
