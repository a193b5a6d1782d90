summary    = "ingress that a chart is given, or told of by a single setting, asks for no login and does not say why"
convention = "B02"
severity   = "warning"

select "resource" { types = ["helm_release"] }

each "part" {
  path = [
    "set[*]", "set_sensitive[*]", "values[*].extraObjects[*]", "values[*].extraDeploy[*]", "values[*].extraManifests[*]",
    "values[*].extraResources[*]",
  ]
}

where {
  any {
    all {
      all {
        path    = "part.name"
        matches = "(?:^|\\.)(?:ingress\\.(?:[\\w-]+\\.)?|http[Rr]oute\\.|(?:r|ingressR)oute\\.[\\w-]+\\.)enabled$"
      }
      not {
        path    = "part.name"
        matches = "(?i)policy|tls\\.enabled$"
      }
      all {
        path   = "part.value"
        equals = true
      }
    }
    all {
      path   = "part.kind"
      one_of = ["Ingress", "IngressRoute", param.gateway_routes]
    }
  }
}

# Who is sent elsewhere is served nothing.
unless {
  path   = "part.spec.rules[*].filters[*].type"
  equals = "RequestRedirect"
}

# What another controller was to serve, nobody serves.
where {
  path    = "part.spec.ingressClassName"
  default = param.ingress_class
  equals  = param.ingress_class
}

unless {
  all {
    path    = "part.name"
    present = true
  }
  all {
    path    = ["set[*].name", "set_sensitive[*].name"]
    matches = "(?:^|\\.)(?:ingressClassName|className)$"
  }
  not {
    path   = ["set[*].value", "set_sensitive[*].value"]
    equals = param.ingress_class
  }
}

require "ungated" {
  any {
    all {
      path    = "part.metadata.annotations[\"traefik.ingress.kubernetes.io/router.middlewares\"]"
      matches = param.gate
    }
    all {
      path    = ["part.spec.routes[*].middlewares[*].name", "part.spec.rules[*].filters[*].extensionRef.name"]
      matches = param.gate
    }
    # The annotation may stand in another setting, or in the values.
    all {
      all {
        path    = "part.name"
        present = true
      }
      any {
        all {
          path    = ["set[*].value", "set_sensitive[*].value"]
          matches = param.gate
        }
        all {
          path    = "values[*].**.annotations[\"traefik.ingress.kubernetes.io/router.middlewares\"]"
          matches = param.gate
        }
      }
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
  at = "part"
}

case "ungated" {
  message = "the chart of `{name}` makes an ingress here that asks for no login, and nothing says why"
  help    = "add the forward-auth middleware to its annotation, or write `# auth = \"none\": <why it is public>` above the `helm_release`"
}
