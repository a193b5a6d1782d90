summary    = "claim on an autoresized storage class lacks the autoresizer's annotations"
convention = "A04"
severity   = "error"

check "claim_annotations" {
  claims = ["kubernetes_persistent_volume_claim", "kubernetes_persistent_volume_claim_v1"]
  object = "PersistentVolumeClaim"
  charts = ["helm_release"]
  templates = {
    kubernetes_stateful_set    = "volume_claim_template"
    kubernetes_stateful_set_v1 = "volume_claim_template"
  }
  classes               = param.autoresized_classes
  keys                  = param.autoresizer_annotations
  usual = {
    "resize.topolvm.io/threshold" = "10%"
    "resize.topolvm.io/increase"  = "100%"
  }
  limit_key             = "resize.topolvm.io/storage_limit"
  threshold_key         = "resize.topolvm.io/threshold"
  threshold_max_percent = param.threshold_max_percent
  limit_times           = 5
  limit_at_least        = "5Gi"
}

case "missing" {
  message = "claim `{name}` on `{class}` lacks {missing}"
  help    = "set `threshold = \"10%\"`, `increase = \"100%\"` and `storage_limit = \"{suggestion}\"` (each with the prefix `resize.topolvm.io/`) in `metadata.annotations`"
}

case "limit_below_request" {
  message = "`{key}` is `{limit}`, less than the `{request}` that claim `{name}` requests"
  help    = "raise the limit above the request"
}

case "unreadable" {
  message = "`{key}` of claim `{name}` is `{value}`, which is no such amount: the volume is never grown"
  help    = "write a size such as `{suggestion}` as the limit, and a share such as `10%` or a size as the others"
}

case "threshold_too_high" {
  severity = "warning"
  message  = "`{key}` of claim `{name}` is `{value}`: the threshold is free space, so the volume grows while it is nearly empty"
  help     = "write the share that must stay free, usually `10%`"
}

case "threshold_in_bytes" {
  message = "`{key}` of claim `{name}` is `{value}`: a plain number is bytes of free space, so the volume is full before it grows"
  help    = "write a share, usually `10%`, or a size like `5Gi`"
}

# A template cannot be changed while the set exists, and claims that exist keep what they say.
case "template_missing" {
  severity = "info"
  message  = "a volume claim template of `{name}` on `{class}` lacks {missing}"
  help     = "annotate the claims that it made, and write the annotations here when the set is made anew: Kubernetes refuses to change the template of one that exists"
}

case "template_limit_below_request" {
  severity = "info"
  message  = "`{key}` is `{limit}`, less than the `{request}` that a volume claim template of `{name}` requests"
  help     = "raise the limit of the claims that it made, and write it here when the set is made anew: Kubernetes refuses to change the template of one that exists"
}

case "template_unreadable" {
  severity = "info"
  message  = "`{key}` in a volume claim template of `{name}` is `{value}`, which is no amount: no volume is ever grown"
  help     = "write an amount at the claims that it made, and here when the set is made anew: Kubernetes refuses to change the template of one that exists"
}

case "template_threshold_too_high" {
  severity = "info"
  message  = "`{key}` in a volume claim template of `{name}` is `{value}`: the threshold is free space, so volumes grow while they are nearly empty"
  help     = "write the share that must stay free at the claims that it made, usually `10%`, and here when the set is made anew: Kubernetes refuses to change the template of one that exists"
}

case "template_threshold_in_bytes" {
  severity = "info"
  message  = "`{key}` in a volume claim template of `{name}` is `{value}`: a plain number is bytes of free space, so volumes are full before they grow"
  help     = "write a share at the claims that it made, usually `10%`, and here when the set is made anew: Kubernetes refuses to change the template of one that exists"
}

case "helm_values" {
  severity = "info"
  message  = "chart values ask for a volume on `{class}` without {missing}"
  help     = "set them through the chart's `persistence.annotations`, if it has them"
}
