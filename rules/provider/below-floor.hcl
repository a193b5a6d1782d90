summary    = "required version of a provider lets one in that is too old"
convention = "C49"
severity   = "warning"

select "block" { type = "terraform" }

each "entry" { path = "required_providers[*][*]" }

# Which it is says its source; the name may be another.
let "source" {
  path    = "entry.source"
  default = "hashicorp/{entry_key}"
}

let "provider" {
  path    = "source"
  capture = "(?:^|/)hashicorp/(?<value>[^/]+)$"
}

each "floor" { texts = param.floors }

where {
  path   = "provider"
  equals = "{floor}"
}

let "version" { path = "entry.version" }

# The first bound from below, and the last one: each of two counts.
let "lowest" {
  path    = "version"
  capture = "(?:>=|~>|^\\s*=?|,\\s*=?)\\s*v?(?<value>[0-9][0-9.]*)"
}

let "other" {
  path    = "version"
  capture = "^.*(?:>=|~>|[^<>!]=)\\s*v?(?<value>[0-9][0-9.]*)"
}

# What is said besides one bound from below.
let "rest" {
  path    = "version"
  capture = "^\\s*>=\\s*v?[0-9][0-9.]*(?<value>(?:\\s*,\\s*(?:!=|<=?)\\s*v?[0-9][0-9.]*)*)\\s*$"
}

let "limit" {
  path    = "rest"
  capture = "<=?\\s*v?(?<value>[0-9][0-9.]*)"
}

let "major" {
  path    = "floor_value"
  capture = "^[0-9]+"
}

require "low" {
  when {
    path    = "version"
    present = true
  }
  path     = ["lowest", "other"]
  at_least = "{floor_value}"
  as       = "version"
  at       = "version"

  # Of what else is said, nothing is lost: a limit from above that the floor is below, and versions that are left out.
  fix {
    when {
      all {
        path    = "rest"
        present = true
      }
      not {
        path    = "limit"
        at_most = "{floor_value}"
        as      = "version"
      }
    }
    replace = ">= {floor_value}{rest}"
  }

  # Up to the next first number, which is that of the floor.
  fix {
    when {
      path    = "version"
      matches = "^\\s*~>\\s*v?{major}(?:\\.[0-9]+)?\\s*$"
    }
    replace = "{version}, >= {floor_value}"
  }

  # Another release of the provider is a decision.
  fix {
    safety  = "display"
    replace = ">= {floor_value}"
  }
}

case "low" {
  message = "`{version}` lets provider `{provider}` in below {floor_value}, the oldest that is to be used"
  help    = "write `>= {floor_value}`"
}
