summary    = "required version of a provider lets a broken one in"
convention = "C49"
severity   = "warning"

select "block" { type = "terraform" }

each "provider" { texts = param.floors }

each "version" { path = "required_providers.{provider}.version" }

let "lowest" {
  path    = "version"
  capture = "(?:>=|~>|^|,\\s*=?)\\s*v?(?<value>[0-9][0-9.]*)"
}

require "low" {
  path     = "lowest"
  at_least = "{provider_value}"
  as       = "version"
  at       = "version"

  fix { replace = ">= {provider_value}" }
}

case "low" {
  message = "`{version}` lets provider `{provider}` in below {provider_value}, which is broken"
  help    = "write `>= {provider_value}`"
}
