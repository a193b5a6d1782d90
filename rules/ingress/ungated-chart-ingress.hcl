summary    = "ingress that a chart makes asks for no login and does not say why"
convention = "B02"
severity   = "warning"

select "resource" { types = ["helm_release"] }

# Some charts make several, each under a name of its own.
each "ingress" {
  path = [
    "values[*].ingress", "values[*].*.ingress", "values[*].*.*.ingress", "values[*].ingress[*]", "values[*].*.ingress[*]",
    # Routes of a gateway and of Traefik.
    "values[*].httpRoute", "values[*].*.httpRoute", "values[*].httproute", "values[*].*.httproute",
    "values[*].route[*]", "values[*].*.route[*]", "values[*].ingressRoute[*]", "values[*].*.ingressRoute[*]",
  ]
}

where {
  path   = "ingress.enabled"
  equals = true
}

where {
  any {
    all {
      text   = "{ingress_key}"
      one_of = ["ingress", "httpRoute", "httproute"]
    }
    all {
      path = [
        "ingress.hosts", "ingress.host", "ingress.hostname", "ingress.className", "ingress.ingressClassName", "ingress.hostnames",
        "ingress.parentRefs", "ingress.matchRule",
      ]
      present = true
    }
  }
}

# A policy lets packets in, and has no host.
unless {
  path    = ["values[*].networkPolicy.ingress", "values[*].*.networkPolicy.ingress"]
  present = true
  not {
    path = [
      "ingress.hosts", "ingress.host", "ingress.hostname", "ingress.className", "ingress.ingressClassName", "ingress.annotations",
      "ingress.tls", "ingress.hostnames", "ingress.parentRefs", "ingress.matchRule",
    ]
    present = true
  }
}

# Who is sent elsewhere is served nothing.
unless {
  path   = ["ingress.rules[*].filters[*].type", "ingress.filters[*].type"]
  equals = "RequestRedirect"
}

# What another controller was to serve, nobody serves.
where {
  path    = ["ingress.ingressClassName", "ingress.className"]
  default = param.ingress_class
  equals  = param.ingress_class
}

require "ungated" {
  any {
    all {
      path = [
        "ingress.annotations[\"traefik.ingress.kubernetes.io/router.middlewares\"]", "ingress.middlewares[*].name",
        "ingress.**.extensionRef.name",
      ]
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
  at        = "ingress"
  underline = "key"
  related   = { "ingress.enabled" = "it is switched on here" }
}

case "ungated" {
  message = "the chart of `{name}` makes an ingress that asks for no login, and nothing says why"
  help    = "add the forward-auth middleware to its annotation, or write `# auth = \"none\": <why it is public>` above the `helm_release`"
}
