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

case "threshold_too_high" {
  severity = "warning"
  message  = "`{key}` of claim `{name}` is `{value}`: the threshold is free space, so the volume grows while it is nearly empty"
  help     = "write the share that must stay free, usually `10%`"
}

case "threshold_in_bytes" {
  message = "`{key}` of claim `{name}` is `{value}`: a plain number is bytes of free space, so the volume is full before it grows"
  help    = "write a share, usually `10%`, or a size like `5Gi`"
}

case "template" {
  severity = "info"
  message  = "a volume claim template of `{name}` lacks an autoresizer annotation, or one of them has no sound value"
  help     = "write the three `resize.topolvm.io/` annotations in the template's metadata, with a threshold (what stays free) of half at most; claims that exist keep theirs"
}

case "helm_values" {
  severity = "info"
  message  = "chart values ask for a volume on `{class}` without {missing}"
  help     = "set them through the chart's `persistence.annotations`, if it has them"
}
