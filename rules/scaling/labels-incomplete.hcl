summary    = "workload carries only some of the labels that Sablier reads"
convention = "C17"
severity   = "error"

select "resource" {
  types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_labels"]
}

where {
  path = [
    "metadata.labels[\"sablier.enable\"]",
    "metadata.labels[\"sablier.group\"]",
    "labels[\"sablier.enable\"]",
    "labels[\"sablier.group\"]",
  ]
  present = true
}

let "ready_after" { text = param.ready_after }

each "label" { texts = ["sablier.enable", "sablier.group", "sablier.ready-after"] }

require "missing" {
  when {
    path    = ["metadata.labels[\"sablier.enable\"]", "metadata.labels[\"sablier.group\"]"]
    present = true
  }
  path    = "metadata.labels[\"{label}\"]"
  present = true

  fix {
    when {
      text   = "{label}"
      equals = "sablier.enable"
    }
    set = { "metadata.labels[\"sablier.enable\"]" = "true" }
  }

  fix {
    when {
      text   = "{label}"
      equals = "sablier.ready-after"
    }
    set = { "metadata.labels[\"sablier.ready-after\"]" = "{ready_after}" }
  }

  fix {
    safety = "display"
    set    = { "metadata.labels[\"sablier.group\"]" = "TODO its group" }
  }
}

# `kubernetes_labels` has them at its top.
require "missing" {
  when {
    path    = ["labels[\"sablier.enable\"]", "labels[\"sablier.group\"]"]
    present = true
  }
  path    = "labels[\"{label}\"]"
  present = true

  fix {
    when {
      text   = "{label}"
      equals = "sablier.enable"
    }
    set = { "labels[\"sablier.enable\"]" = "true" }
  }

  fix {
    when {
      text   = "{label}"
      equals = "sablier.ready-after"
    }
    set = { "labels[\"sablier.ready-after\"]" = "{ready_after}" }
  }

  fix {
    safety = "display"
    set    = { "labels[\"sablier.group\"]" = "TODO its group" }
  }
}

case "missing" {
  message = "`{name}` is half enrolled: its label `{label}` is missing"
  help    = "add `\"{label}\"` to its labels"
}
