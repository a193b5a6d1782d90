summary    = "ingress that a chart makes asks for no login and does not say why"
convention = "B02"
severity   = "warning"

select "resource" { types = ["helm_release"] }

each "ingress" { path = ["values[*].ingress", "values[*].*.ingress"] }

where {
  path   = "ingress.enabled"
  equals = true
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
      path    = "ingress.annotations[\"traefik.ingress.kubernetes.io/router.middlewares\"]"
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
