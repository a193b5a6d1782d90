summary    = "replicas are left to Sablier, and Sablier does not know the workload"
convention = "C17"
severity   = "error"

select "resource" {
  types = ["kubernetes_deployment*", "kubernetes_stateful_set*"]
}

each "field" { mutator = "sablier" }

where {
  ignored { field = "{field}" }
}

where {
  marker { word = "{field_marker}" }
}

let "ready_after" { text = param.ready_after }

require "missing" {
  derive = false
  at     = "metadata.labels"
  path   = "metadata.labels[\"sablier.enable\"]"
  equals = "true"

  fix {
    safety = "display"
    when {
      path    = ["metadata.labels[\"sablier.enable\"]", "metadata.labels[\"sablier.group\"]"]
      present = true
    }
    set = { "metadata.labels[\"sablier.enable\"]" = "true" }
  }

  fix {
    safety = "display"
    when {
      path    = "metadata.labels"
      present = false
    }
    set_expression = {
      "metadata.labels" = "{{ \"sablier.enable\" = \"true\", \"sablier.group\" = \"TODO its group\", \"sablier.ready-after\" = \"{ready_after}\" }}"
    }
  }

  fix {
    safety = "display"
    set = {
      "metadata.labels[\"sablier.enable\"]"      = "true"
      "metadata.labels[\"sablier.group\"]"       = "TODO its group"
      "metadata.labels[\"sablier.ready-after\"]" = "{ready_after}"
    }
  }
}

case "missing" {
  message = "`# {field_marker}` says that Sablier scales `{name}`, and its label `sablier.enable` is missing: nobody scales it"
  help    = "add the labels `\"sablier.enable\" = \"true\"`, `\"sablier.group\"` and `\"sablier.ready-after\"`, or take the entry out of `ignore_changes`"
}
