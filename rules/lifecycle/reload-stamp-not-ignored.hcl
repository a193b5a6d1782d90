summary    = "stamp of Reloader on the pod template is taken off by each apply"
convention = "C20"
severity   = "info"

select "resource" {
  types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"]
}

# A template without annotations of its own shows no drift.
where {
  path    = "spec.template.metadata.annotations"
  present = true
}

where {
  any {
    all {
      path = [
        "metadata.annotations[\"reloader.stakater.com/auto\"]",
        "metadata.annotations[\"reloader.stakater.com/search\"]",
        "spec.template.metadata.annotations[\"reloader.stakater.com/auto\"]",
        "spec.template.metadata.annotations[\"reloader.stakater.com/search\"]",
      ]
      equals = "true"
    }
    all {
      path = [
        "metadata.annotations[\"secret.reloader.stakater.com/reload\"]",
        "metadata.annotations[\"configmap.reloader.stakater.com/reload\"]",
        "spec.template.metadata.annotations[\"secret.reloader.stakater.com/reload\"]",
        "spec.template.metadata.annotations[\"configmap.reloader.stakater.com/reload\"]",
      ]
      present = true
    }
  }
}

each "field" { mutator = "reloader-stamp" }

require "missing" {
  ignored { field = "{field}" }
}

case "missing" {
  message = "Reloader stamps the pods of `{name}`, and `ignore_changes` does not cover the stamp: an apply takes it off and rolls them"
  help    = "add `{field}, # {field_marker}` to `ignore_changes`"
}
