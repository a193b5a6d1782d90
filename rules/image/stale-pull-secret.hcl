summary    = "pod names the pull secret of a registry that it pulls nothing from"
convention = "D11"
severity   = "info"

select "selector" { of = "kubernetes.pod" }

each "secret" { path = "pod.imagePullSecrets.name" }

where {
  path   = "secret"
  equals = param.frozen_pull_secret
}

require "stale" {
  path = ["pod.containers.image", "pod.initContainers.image"]
  like = [param.frozen_images]
  at   = "secret"

  fix { delete = "pod.imagePullSecrets" }
}

case "stale" {
  message = "`{secret}` opens a registry that this pod pulls nothing from: it is there for nothing"
  help    = "remove the `image_pull_secrets` block"
}
