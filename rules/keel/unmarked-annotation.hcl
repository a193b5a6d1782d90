summary    = "ignored Keel annotation does not carry the marker that makes it findable"
convention = "C11"
severity   = "info"

select "resource" {
  types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"]
}

each "field" { mutator = "inject-keel-annotations" }

let "key" {
  path    = "field"
  capture = "annotations\\[\"(?<value>[^\"]+)\"\\]$"
}

require "missing" {
  # An entry for all annotations, or for everything, is not there for Keel; what the code declares wants no entry at all.
  when {
    ignored {
      field   = "{field}"
      exactly = true
    }
    path    = "metadata.annotations[\"{key}\"]"
    present = false
  }
  marker {
    word   = "{field_marker}"
    field  = "{field}"
    others = param.lifecycle.markers
  }
}

case "missing" {
  message = "this entry covers `{key}`, and its `lifecycle` block has no `# {field_marker}` comment"
  help    = "write `# {field_marker}` behind the entry"
}
