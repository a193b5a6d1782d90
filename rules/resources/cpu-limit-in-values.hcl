summary    = "values of a chart limit the cores of a container"
convention = "B39"
severity   = "warning"
reads      = ["**/kyverno/**/*.tf"]

select "resource" { types = ["helm_release"] }

# Admission takes the limit out only where the policy is.
where {
  exists {
    in = "stripping"
  }
}

forbid "limit" {
  path      = "values[*].**.limits.cpu"
  present   = true
  underline = "key"
}

case "limit" {
  message = "a limit of `{value}` on cores throttles the container while the node idles, and admission strips it anyway"
  help    = "remove `cpu` from `limits` and keep it in `requests`; `cpu: null` removes the default of the chart"
}
