summary    = "container has a limit on its cores"
convention = "B39"
severity   = "warning"
reads      = ["**/kyverno/**/*.{tf,tf.json}"]

select "selector" { of = "kubernetes.pod" }

each "container" { path = ["pod.containers", "pod.initContainers"] }

# Admission takes the limit out only where the policy is.
where {
  exists {
    in = "stripping"
  }
}

forbid "limit" {
  path      = "container.resources.limits.cpu"
  present   = true
  underline = "key"

  # Whoever has written down why it is there has thought about it.
  fix {
    safety = "display"
    when {
      any {
        comment { path = "container.resources.limits.cpu" }
        comment { path = "container.resources.limits" }
      }
    }
    delete = "container.resources.limits.cpu"
  }

  fix { delete = "container.resources.limits.cpu" }
}

case "limit" {
  message = "a limit of `{value}` on cores throttles the container while the node idles, and admission strips it anyway"
  help    = "remove `cpu` from `limits` and keep it in `requests`"
}
