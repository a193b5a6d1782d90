summary    = "provider of a broken version may be installed, as no version is required"
convention = "C49"
severity   = "warning"
facts      = "stack"

select "block" { type = "provider" }

each "provider" { texts = param.floors }

where {
  path   = "provider"
  equals = "{name}"
}

require "missing" {
  exists {
    in    = "requirements"
    match = { module = "{module}", provider = "{provider}" }
  }
}

case "missing" {
  # At the root of the repo.
  when {
    text  = "{module}"
    empty = true
  }
  message = "the root module configures provider `{provider}` and requires no version: an `init` may bring one below {provider_value}, which is broken"
  help    = "require `version = \">= {provider_value}\"`; if the file is generated, generate it again"
}

case "missing" {
  message = "`{module}` configures provider `{provider}` and requires no version: an `init` may bring one below {provider_value}, which is broken"
  help    = "require `version = \">= {provider_value}\"`; if the file is generated, generate it again"
}
