summary    = "quota counts limits that admission takes off every pod"
convention = "B39"
severity   = "error"
reads      = ["**/kyverno/**/*.{tf,tf.json}"]

select "object" { kinds = ["ResourceQuota"] }

# Admission takes the limit out only where the policy is.
where {
  exists {
    in = "stripping"
  }
}

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

forbid "counted" {
  path      = "spec.hard[\"limits.cpu\"]"
  present   = true
  underline = "key"

  fix { delete = "spec.hard[\"limits.cpu\"]" }
}

case "counted" {
  message = "this quota demands a limit on cores of every pod, and admission takes it off: namespace `{namespace}` can make no pod"
  help    = "remove `limits.cpu`, and count `requests.cpu`"
}
