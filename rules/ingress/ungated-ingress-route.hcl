summary    = "`IngressRoute` has a rule that asks for no login and does not say why"
convention = "B02"
severity   = "warning"

select "object" {
  kinds = ["IngressRoute"]
}

each "route" {
  path = "spec.routes[*]"
}

require "ungated" {
  any {
    all {
      path    = "route.middlewares[*].name"
      matches = param.gate
    }
    comment {
      on      = ["above", "trailing", "inside"]
      matches = param.explanation
    }
  }
  underline = "subject"

  fix {
    safety = "display"
    above  = { "" = "auth = \"none\": TODO why it is public" }
  }
}

case "ungated" {
  message = "`IngressRoute` `{name}` has a rule that asks for no login, and does not say why"
  help    = "add a forward-auth middleware to the rule, or write `# auth = \"none\": <why it is public>` above the resource"
}
