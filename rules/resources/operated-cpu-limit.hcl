summary    = "pods that an operator makes have a limit on their cores"
convention = "B39"
severity   = "warning"
reads      = ["**/kyverno/**/*.{tf,tf.json}"]

select "object" { kinds = param.nfs.operated_kinds }

each "limits" { path = "spec.**.resources.limits" }

# Admission takes the limit out only where the policy is.
where {
  exists {
    in = "stripping"
  }
}

forbid "limit" {
  path      = "limits.cpu"
  present   = true
  underline = "key"

  # Whoever has written down why it is there has thought about it.
  fix {
    safety = "display"
    when {
      any {
        comment { path = "limits.cpu" }
        comment { path = "limits" }
      }
    }
    delete = "limits.cpu"
  }

  fix { delete = "limits.cpu" }
}

case "limit" {
  message = "a limit of `{value}` on cores throttles the pods while the node idles, and admission strips it anyway"
  help    = "remove `cpu` from `limits` and keep it in `requests`"
}
