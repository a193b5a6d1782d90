summary    = "version of a provider that a generated file requires lets one in that is too old"
convention = "C49"
severity   = "warning"

select "text" {
  files   = ["**/terragrunt.hcl", "**/*.hcl"]
  words   = ["required_providers"]
  matches = "source\\s*=\\s*\"(?:[a-z0-9-]+/)?(?<provider>[a-z0-9-]+)\"\\s*\\n\\s*version\\s*=\\s*\"(?<at>[^\"\\n]*)\""
  zones   = ["string"]
}

each "floor" { texts = param.floors }

where {
  path   = "floor"
  equals = "{provider}"
}

let "version" { path = "" }

let "lowest" {
  path    = "version"
  capture = "(?:>=|~>|^|,\\s*=?)\\s*v?(?<value>[0-9][0-9.]*)"
}

require "low" {
  path     = "lowest"
  at_least = "{floor_value}"
  as       = "version"
  at       = "version"

  # Any other constraint says more than how old it may be.
  fix {
    when {
      path    = "version"
      matches = "^\\s*>=\\s*v?[0-9][0-9.]*\\s*$"
    }
    replace = ">= {floor_value}"
  }
}

case "low" {
  message = "`{version}` lets provider `{provider}` in below {floor_value}, the oldest that is to be used"
  help    = "write `>= {floor_value}`"
}
