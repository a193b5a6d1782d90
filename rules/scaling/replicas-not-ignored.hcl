summary    = "replicas of a workload that Sablier parks are set by Terraform too"
convention = "C17"
severity   = "error"

select "resource" {
  types = ["kubernetes_deployment*", "kubernetes_stateful_set*"]
}

where {
  path   = "metadata.labels[\"sablier.enable\"]"
  equals = "true"
}

each "field" { mutator = "sablier" }

require "missing" {
  ignored { field = "{field}" }
}

require "unmarked" {
  when {
    ignored { field = "{field}" }
  }
  marker {
    word   = "{field_marker}"
    field  = "{field}"
    others = param.lifecycle.markers
  }
}

case "missing" {
  message = "Sablier parks and wakes `{name}`, and `ignore_changes` does not cover its replicas: each apply undoes that"
  help    = "add `{field}, # {field_marker}` to `ignore_changes`"
}

case "unmarked" {
  severity = "warning"
  message  = "this entry lets Sablier scale `{name}`, and its `lifecycle` block has no `# {field_marker}` comment"
  help     = "write `# {field_marker}` behind the entry"
}
