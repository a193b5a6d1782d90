summary    = "ingress past the factory asks for no login and does not say why"
convention = "B02"
severity   = "warning"
facts      = "stack"

select "object" {
  kinds    = ["Ingress"]
  carriers = ["resource", "manifest"]
}

# What the factories make is judged at their calls.
unless {
  text = "{module}"
  like = param.factory_dirs
}

require "ungated" {
  any {
    exists {
      in    = "reasons_in_yaml"
      match = { at_address = "{module} {address}" }
    }
    all {
      path    = "metadata.annotations[\"traefik.ingress.kubernetes.io/router.middlewares\"]"
      matches = param.gate
    }
    all {
      comment {
        on      = ["above", "trailing", "inside"]
        matches = param.explanation
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
  message = "ingress `{name}` is outside the ingress factory, asks for no login, and no `# auth` comment says why"
  help    = "use the factory, add a forward-auth middleware, or write `# auth = \"none\": <why it is public>` above the resource"
}
