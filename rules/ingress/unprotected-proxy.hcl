summary    = "proxied host asks for no login and does not say why"
convention = "B02"
severity   = "warning"

select "module" {
  source = param.proxy_factory
}

# Only the module that makes ingresses has this input.
where {
  path   = "skip_global_rate_limit"
  one_of = [true, false]
}

require "unprotected" {
  when {
    path   = "protected"
    equals = false
  }
  comment {
    path    = "protected"
    on      = ["above", "trailing"]
    matches = param.explanation
  }
  not {
    comment {
      path    = "protected"
      on      = ["above", "trailing"]
      matches = param.unfinished_explanation
    }
  }
  at = "protected"

  fix {
    safety = "display"
    when {
      not {
        comment {
          path    = "protected"
          on      = ["above", "trailing"]
          matches = param.unfinished_explanation
        }
      }
    }
    above  = { "protected" = "auth = \"none\": TODO what gates it, or why it is public" }
  }
}

case "unprotected" {
  message = "`{name}` can be reached without a login, and no `# auth` comment says what gates it"
  help    = "write `# auth = \"none\": <what gates it, or why it is public>` above `protected`, or drop `protected = false`"
}
