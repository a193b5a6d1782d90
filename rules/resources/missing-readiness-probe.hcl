summary    = "container of a long-running workload has no readiness probe"
convention = "D17"
severity   = "info"

select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet"] }

where {
  path    = "spec.template.spec.containers"
  present = true
}

# One that answers for the pod is enough: what stands beside it in the pod is seldom asked.
require "missing" {
  path      = "spec.template.spec.containers[*].readinessProbe"
  present   = true
  underline = "subject"

  fix {
    safety = "display"
    title  = "add a readiness probe"
    insert = {
      "spec.template.spec.containers[0]" = "readiness_probe {{\n  http_get {{\n    path = \"…\"\n    port = \"…\"\n  }}\n}}"
    }
  }
}

case "missing" {
  message = "no container of `{name}` has a readiness probe: requests reach it before it can answer, and a rollout goes on over a broken version"
  help    = "write `readiness_probe {{ http_get {{ … }} }}` in its container"
}
