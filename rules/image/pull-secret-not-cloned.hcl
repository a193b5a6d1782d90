summary    = "pod names a pull secret that nothing puts into its namespace"
convention = "B17"
severity   = "error"
facts      = "repo"

select "selector" { of = "kubernetes.pod" }

each "secret" { path = "pod.imagePullSecrets.name" }

where {
  path   = "secret"
  equals = param.pull_secret
}

unknown {
  because = "no policy of the repo clones `{secret}`: where it comes from is not known"
  not {
    exists { in = "credential_namespaces" }
  }
}

let "list" {
  in     = "credential_namespaces"
  column = "list"
}

let "local_list" {
  in     = "pull_secret_lists"
  column = "list"
}

require "not_cloned" {
  any {
    exists {
      in     = "credential_namespaces"
      covers = { namespace = "{namespace}" }
    }
    exists {
      in    = "own_pull_secrets"
      match = { namespace = "{namespace}" }
    }
  }
  at = "secret"

  fix {
    when {
      path    = "local_list"
      present = true
    }
    append = { "local_list" = "{namespace}" }
  }

  fix {
    append = { "list" = "{namespace}" }
  }
}

case "not_cloned" {
  message = "`{secret}` is not cloned into namespace `{namespace}`: the pod waits for an image it may not pull"
  help    = "add `\"{namespace}\"` to the namespaces of the policy that clones `{secret}`"
}
