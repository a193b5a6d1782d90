summary    = "pod pulls a package without the secret that others need to pull it"
convention = "B17"
severity   = "error"
facts      = "repo"

select "selector" { of = "kubernetes.pod" }

each "written" { path = ["pod.containers.image", "pod.initContainers.image"] }

each "image" { possible = "written" }

where {
  path = "image"
  like = param.package_registries
}

let "package" {
  path    = "image"
  capture = "^[^:@]+"
}

# Others need it, or it is our own, and the namespace gets the secret that nobody else in it uses.
where {
  any {
    exists {
      in    = "private_packages"
      match = { package = "{package}" }
    }
    all {
      all {
        path    = "package"
        matches = "^${param.own_registry}/"
      }
      exists {
        in    = "credential_namespaces"
        match = { namespace = "{namespace}" }
      }
      not {
        exists {
          in    = "private_pulls"
          match = { namespace = "{namespace}" }
        }
      }
    }
  }
}

let "account" {
  path    = "pod.serviceAccountName"
  default = "default"
}

unless {
  exists {
    in    = "pulling_accounts"
    match = { account = "{account}", namespace = "{namespace}" }
  }
}

let "secret" { text = param.pull_secret }

require "missing" {
  path   = "pod.imagePullSecrets.name"
  equals = param.pull_secret
  at     = "image"

  fix {
    set = { "pod.image_pull_secrets.name" = "{secret}" }
  }
}

case "missing" {
  when {
    not {
      exists {
        in    = "private_packages"
        match = { package = "{package}" }
      }
    }
  }
  message = "`{package}` is pulled without `{secret}`, which namespace `{namespace}` gets and no pod in it uses: if the node has no copy, the pod cannot start"
  help    = "add `image_pull_secrets {{ name = \"{secret}\" }}` to the pod's `spec`, or take the namespace off the list of the policy that clones the secret"
}

case "missing" {
  message = "`{package}` is pulled with a secret elsewhere and without one here: if the node has no copy, the pod cannot start"
  help    = "add `image_pull_secrets {{ name = \"{secret}\" }}` to the pod's `spec`, and its namespace to the policy that clones the secret"
}
