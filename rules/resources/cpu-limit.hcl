summary    = "container has a limit on its cores"
convention = "B39"
severity   = "warning"

select "selector" { of = "kubernetes.pod" }

each "container" { path = ["pod.containers", "pod.initContainers"] }

forbid "limit" {
  path      = "container.resources.limits.cpu"
  present   = true
  underline = "key"
}

case "limit" {
  message = "a limit of `{value}` on cores throttles the container while the node idles, and admission strips it anyway"
  help    = "remove `cpu` from `limits` and keep it in `requests`"
}
