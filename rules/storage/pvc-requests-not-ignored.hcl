summary    = "claim that the autoresizer grows does not ignore its requested size"
convention = "A05"
severity   = "error"

select "resource" {
  types = ["kubernetes_persistent_volume_claim", "kubernetes_persistent_volume_claim_v1"]
}

where {
  path   = "spec.storage_class_name"
  one_of = param.autoresized_classes
}

each "field" { mutator = "pvc-autoresizer" }

require "missing" {
  ignored { field = "{field}" }

  fix {
    ignore = "spec[0].resources[0].requests"
    note   = "the autoresizer raises the request"
  }
}

case "missing" {
  when {
    ignored {
      field       = "{field}"
      ineffective = true
    }
  }
  message = "the `ignore_changes` entry for the requested size of claim `{name}` has no effect"
  help    = "write `spec[0].resources[0].requests`"
}

case "missing" {
  message = "the autoresizer grows claim `{name}`, and `ignore_changes` does not cover its requested size"
  help    = "add `lifecycle {{ ignore_changes = [spec[0].resources[0].requests] }}`: without it the next apply tries to shrink the volume"
}
