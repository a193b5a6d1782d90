summary    = "provider is used in a configuration that is not there, or that a module cannot have"
convention = "E11"
severity   = "error"

check "provider_configuration" {}

case "missing" {
  message = "this module has no configuration `{configuration}`"
  help    = "add `provider \"{provider}\" {{ alias = \"{alias}\" … }}`, in a module that is called `configuration_aliases = [{configuration}]` in its `required_providers`, or write another name{nearest}"
}

case "unpassed" {
  message = "`module.{call}` does not hand on `{configuration}`, which the module in `{module}` asks for"
  help    = "add `{configuration} = …` to the `providers` of the call"
}

case "repeated" {
  message = "`module.{call}` has `{argument}`, and the module in `{module}` configures `{provider}` itself: Terraform refuses the two together"
  help    = "let the caller configure `{provider}` and hand it on in `providers`, or leave `{argument}` out"
}
