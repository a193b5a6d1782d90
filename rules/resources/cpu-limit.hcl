summary    = "container has a limit on its cores"
convention = "B39"
severity   = "warning"
reads      = ["**/kyverno/**/*.{tf,tf.json}"]

# What runs pods, and what an operator makes some of.
select "object" {
  kinds = [
    "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob", "Pod", "Rollout", "CloneSet", "ScaledJob",
    param.nfs.operated_kinds,
  ]
}

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
  message = "a limit of `{value}` on cores throttles the container while the node idles, and admission strips it anyway"
  help    = "remove `cpu` from `limits` and keep it in `requests`"
}
