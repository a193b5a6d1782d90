summary    = "ignored stamp of Keel does not carry the marker that makes it findable"
convention = "C12"
severity   = "info"

select "resource" {
  types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"]
}

each "field" { mutator = "keel-update-time" }

require "missing" {
  # An entry for all annotations, or for everything, is not there for Keel.
  when {
    ignored {
      field   = "{field}"
      exactly = true
    }
  }
  marker {
    word   = "{field_marker}"
    field  = "{field}"
    others = param.lifecycle.markers
  }
}

case "missing" {
  message = "this entry covers `keel.sh/update-time`, and its `lifecycle` block has no `# {field_marker}` comment"
  help    = "write `# {field_marker}` behind the entry"
}
