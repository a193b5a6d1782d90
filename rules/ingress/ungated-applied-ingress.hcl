summary    = "ingress that a command applies asks for no login and does not say why"
convention = "B02"
severity   = "warning"

select "resource" { types = ["null_resource", "terraform_data"] }

each "script" {
  path  = "provisioner[*].command"
  reads = "shell"
}

each "document" {
  path  = "script.heredocs[*].body"
  reads = "yaml_template"
}

where {
  path   = "document.kind"
  one_of = ["Ingress", "IngressRoute", param.gateway_routes]
}

unless {
  path   = "document.spec.rules[*].filters[*].type"
  equals = "RequestRedirect"
}

let "ingress" {
  path    = "document.metadata.name"
  default = "ingress"
}

require "ungated" {
  any {
    all {
      path    = "document.metadata.annotations[\"traefik.ingress.kubernetes.io/router.middlewares\"]"
      matches = param.gate
    }
    all {
      path    = ["document.spec.routes[*].middlewares[*].name", "document.spec.rules[*].filters[*].extensionRef.name"]
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
  at = "document.kind"
}

case "ungated" {
  message = "ingress `{ingress}` is applied past Terraform and the ingress factory, asks for no login, and no `# auth` comment says why"
  help    = "use the factory, add a forward-auth middleware, or write `# auth = \"none\": <why it is public>` above the resource"
}
