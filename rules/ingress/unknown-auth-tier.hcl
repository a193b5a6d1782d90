summary    = "`auth` of an ingress is none of the values that the factory knows"
convention = "B01"
severity   = "error"

select "module" {
  source = param.factory
}

require "unknown" {
  path    = "auth"
  one_of  = param.tiers
  default = "required"
}

require "computed" {
  when {
    path    = "auth"
    present = true
  }
  path    = "auth"
  literal = true
  at      = "auth"
}

case "unknown" {
  message = "`auth = \"{value}\"` is none of the values that the factory knows, so every plan of this stack fails"
  help    = "write `\"required\"`, `\"app\"`, `\"public\"` or `\"none\"`"
}

case "computed" {
  severity = "warning"
  message  = "`auth` of `{name}` is computed: whoever reads the call cannot tell who may come in"
  help     = "write the value as a literal; two calls say it better than one with a condition"
}
