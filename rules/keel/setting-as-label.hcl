summary    = "Keel setting stands in a label, which an annotation outvotes"
convention = "C13"
severity   = "warning"
facts      = "repo"

select "resource" {
  types = [
    "kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*", "kubernetes_labels", "kubernetes_manifest",
    "kubectl_manifest",
  ]
}

# `kubernetes_labels` puts its own on an object that something else declares: a namespace is enrolled so.
where {
  any {
    all {
      text    = "{kind}"
      matches = "^kubernetes_(?:deployment|stateful|daemon)"
    }
    all {
      path   = ["kind", "manifest.kind", "yaml_body.kind"]
      one_of = ["Deployment", "StatefulSet", "DaemonSet"]
    }
  }
}

each "label" {
  path = [
    "metadata.labels[*]", "spec.template.metadata.labels[*]", "labels[*]",
    "manifest.metadata.labels[*]", "manifest.spec.template.metadata.labels[*]",
    "yaml_body.metadata.labels[*]", "yaml_body.spec.template.metadata.labels[*]",
  ]
}

where {
  path    = "label_key"
  matches = "^keel\\.sh/"
}

# Where the policy asks for the label, it is what counts: that of the workload, and not that of its pods.
unless {
  all {
    path = [
      "metadata.labels[\"{label_key}\"]", "labels[\"{label_key}\"]", "manifest.metadata.labels[\"{label_key}\"]",
      "yaml_body.metadata.labels[\"{label_key}\"]",
    ]
    present = true
  }
  exists {
    in    = "labels_read"
    match = { key = "{label_key}" }
  }
}

forbid "label" {
  path      = "label"
  present   = true
  underline = "key"

  fix {
    when {
      path   = "label_key"
      equals = "keel.sh/enrolled"
    }
    delete = "label"
  }

  fix {
    when {
      path = [
        "metadata.annotations[\"{label_key}\"]", "manifest.metadata.annotations[\"{label_key}\"]",
        "yaml_body.metadata.annotations[\"{label_key}\"]",
      ]
      present = true
    }
    delete = "label"
  }

  # What is ignored is not written to an object that is there.
  fix {
    when {
      all {
        text    = "{kind}"
        matches = "^kubernetes_(?:deployment|stateful|daemon)"
      }
      not {
        ignored { field = "metadata[0].annotations[\"{label_key}\"]" }
      }
    }
    title  = "move it to `annotations`"
    delete = "label"
    set    = { "metadata.annotations[\"{label_key}\"]" = "{label}" }
  }
}

case "label" {
  when {
    path   = "label_key"
    equals = "keel.sh/enrolled"
  }
  message = "`keel.sh/enrolled` is a label of the workload `{name}`, where nobody reads it: a namespace is enrolled"
  help    = "take it off, or move it to the labels of the namespace"
}

case "label" {
  when {
    path = [
      "metadata.annotations[\"{label_key}\"]", "manifest.metadata.annotations[\"{label_key}\"]",
      "yaml_body.metadata.annotations[\"{label_key}\"]",
    ]
    present = true
  }
  message = "`{label_key}` is a label of `{name}` too, and its annotation is what counts"
  help    = "take the label off"
}

case "label" {
  when {
    path    = "labels[\"{label_key}\"]"
    present = true
  }
  message = "`{label_key}` is put on a workload as a label: the policy looks at annotations, adds its own, and those win"
  help    = "write it with `kubernetes_annotations`, or in the chart's values"
}

case "label" {
  when {
    path = [
      "metadata.labels[\"{label_key}\"]", "labels[\"{label_key}\"]", "manifest.metadata.labels[\"{label_key}\"]",
      "yaml_body.metadata.labels[\"{label_key}\"]",
    ]
    present = false
  }
  message = "`{label_key}` is a label of the pods of `{name}`, where neither the policy nor Keel looks"
  help    = "move it to the `annotations` of the workload's own `metadata`"
}

case "label" {
  message = "`{label_key}` is a label of `{name}`: the policy looks at annotations, adds its own, and those win"
  help    = "move it to `annotations`"
}
