summary    = "`IngressRoute` has a rule that asks for no login and does not say why"
convention = "B02"
severity   = "warning"
facts      = "stack"

select "object" {
  kinds = ["IngressRoute"]
}

let "gate" { text = param.gate }

each "route" {
  path = "spec.routes[*]"
}

require "ungated" {
  any {
    exists {
      in    = "reasons_in_yaml"
      match = { at_address = "{module} {address}" }
    }
    all {
      path    = "route.middlewares[*].name"
      matches = param.gate
    }
    # Of the resource, it speaks for all rules; beside or in one of several, for that one.
    all {
      any {
        comment {
          on      = ["above", "trailing"]
          matches = param.explanation
        }
        comment {
          path    = "route"
          on      = ["above", "trailing", "inside"]
          matches = param.explanation
        }
        all {
          comment {
            on      = ["inside"]
            matches = param.explanation
          }
          not {
            comment {
              path    = "spec.routes[*]"
              on      = ["above", "trailing", "inside"]
              matches = param.explanation
            }
          }
        }
      }
      not {
        comment {
          on      = ["above", "trailing", "inside"]
          matches = param.unfinished_explanation
        }
      }
    }
  }
  underline = "subject"

  fix {
    safety = "display"
    when {
      not {
        comment {
          on      = ["above", "trailing", "inside"]
          matches = param.unfinished_explanation
        }
      }
    }
    above  = { "" = "auth = \"none\": TODO why it is public" }
  }
}

case "ungated" {
  message = "`IngressRoute` `{name}` has a rule without the login `{gate}`, and no `# auth` comment says why"
  help    = "add a forward-auth middleware to the rule, or write `# auth = \"none\": <why it is public>` above the resource"
}
