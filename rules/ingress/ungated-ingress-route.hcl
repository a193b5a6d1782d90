summary    = "route of Traefik or of a gateway has a rule that asks for no login and does not say why"
convention = "B02"
severity   = "warning"
facts      = "stack"

select "object" {
  kinds    = ["IngressRoute", param.gateway_routes, "IngressRouteTCP", "TLSRoute"]
  carriers = ["resource", "manifest"]
}

let "gate" { text = param.gate }

# Of a mesh, for those who are in the cluster already.
unless {
  path    = "spec.parentRefs[*].kind"
  equals  = "Service"
  every   = true
  present = true
}

each "route" {
  path = ["spec.routes[*]", "spec.rules[*]"]
}

# Who is sent elsewhere is served nothing.
unless {
  path   = "route.filters[*].type"
  equals = "RequestRedirect"
}

# What is handed on as it comes is a page where the port is one of pages.
unless {
  all {
    text   = "{kind}"
    one_of = ["IngressRouteTCP", "TLSRoute"]
  }
  not {
    path   = ["route.services[*].port", "route.backendRefs[*].port"]
    one_of = param.page_ports
  }
}

require "ungated" {
  any {
    exists {
      in    = "reasons_in_yaml"
      match = { at_address = "{module} {address}" }
    }
    all {
      path    = ["route.middlewares[*].name", "route.filters[*].extensionRef.name", "route.backendRefs[*].filters[*].extensionRef.name"]
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
              path    = ["spec.routes[*]", "spec.rules[*]"]
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
  when {
    text   = "{kind}"
    one_of = ["IngressRouteTCP", "TLSRoute"]
  }
  message = "`{kind}` `{name}` hands a page on as it comes, where no login can stand before it, and no `# auth` comment says why"
  help    = "serve it by a route of HTTP that has a forward-auth middleware, or write `# auth = \"none\": <why it is public>` above the resource"
}

case "ungated" {
  message = "`{kind}` `{name}` has a rule without the login `{gate}`, and no `# auth` comment says why"
  help    = "add a forward-auth middleware to the rule, or write `# auth = \"none\": <why it is public>` above the resource"
}
