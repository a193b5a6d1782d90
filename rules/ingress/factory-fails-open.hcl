summary    = "factory lets everybody in unless a call says otherwise"
convention = "E02"
severity   = "error"
facts      = "repo"
locked     = true

select "block" {
  type   = "variable"
  labels = ["auth", "protected"]
  files  = param.factory_files
}

require "open" {
  when {
    path    = "default"
    present = true
  }
  path   = "default"
  one_of = ["required", true]

  fix {
    when {
      path   = "default"
      one_of = [true, false]
    }
    set = { "default" = "true" }
  }

  fix {
    set = { "default" = "required" }
  }
}

require "unchecked" {
  when {
    any {
      all {
        path    = "default"
        matches = "^[a-z]+$"
      }
      # Without a default it is what each call says.
      all {
        text   = "{name}"
        equals = "auth"
      }
    }
  }
  any {
    all {
      path   = "default"
      one_of = [true, false]
    }
    exists {
      in    = "tier_checks"
      match = { file = "{file}" }
    }
  }
  underline = "subject"
}

case "open" {
  message = "a call that leaves out `{name}` would be public from the next apply on"
  help    = "write `default = \"required\"` (for a yes or no, `default = true`)"
}

case "unchecked" {
  message = "nothing checks that `{name}` is one of the values that the module knows: a misspelt one would ask for no login"
  help    = "add `validation {{ condition = contains([\"required\", \"app\", \"public\", \"none\"], var.{name}) … }}`"
}
