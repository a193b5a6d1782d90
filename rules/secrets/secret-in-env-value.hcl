summary    = "secret is written into the pod's own definition"
convention = "E12"
severity   = "warning"

select "object" {
  kinds = ["Deployment", "StatefulSet", "DaemonSet"]
}

each "env" {
  path = ["spec.template.spec.containers[*].env[*]", "spec.template.spec.initContainers[*].env[*]"]
}

forbid "plain" {
  path      = "env.value"
  refers_to = ["data.kubernetes_secret.*", "data.kubernetes_secret_v1.*", "data.vault_*"]
}

case "plain" {
  message = "x"
  help    = "write `value_from {{ secret_key_ref {{ … }} }}`"
}
