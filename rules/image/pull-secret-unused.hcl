summary    = "pull secret is cloned into a namespace in which no pod pulls with it"
convention = "B17"
severity   = "info"
facts      = "repo"

select "object" { kinds = ["ClusterPolicy"] }

where {
  path   = "metadata.name"
  one_of = param.pull_secret_policies
}

each "list" { path = "spec.rules[*].match.any[*].resources.names" }

each "namespace" { path = "list[*]" }

unless {
  path    = "namespace"
  matches = "[*?]"
}

let "secret" { text = param.pull_secret }

require "unused" {
  exists {
    in    = "private_pulls"
    match = { namespace = "{namespace}" }
  }
  at = "namespace"

  # Without a name the policy would match every namespace. What pods are made while it runs stands nowhere here.
  fix {
    safety = "display"
    when {
      path           = "list"
      items_at_least = 2
    }
    delete = "namespace"
  }
}

case "unused" {
  message = "no pod in the code pulls with `{secret}` in namespace `{namespace}`: everything there can read it for nothing"
  help    = "remove the namespace, if nothing creates such pods while it runs"
}
