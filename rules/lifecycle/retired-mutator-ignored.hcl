summary    = "entry makes room for a mutator that is gone"
convention = "C23"
severity   = "info"

select "resource" {
  types = ["kubernetes_namespace", "kubernetes_namespace_v1"]
}

each "field" { mutator = "goldilocks" }

# With the entry alone in the block, the marker above it goes too: it marks nothing else.
forbid "retired" {
  when {
    path          = "lifecycle.ignore_changes"
    items_at_most = 1
    all {
      path = [
        "lifecycle.create_before_destroy", "lifecycle.prevent_destroy", "lifecycle.replace_triggered_by",
        "lifecycle.precondition", "lifecycle.postcondition",
      ]
      present = false
    }
    comment {
      path    = "lifecycle.ignore_changes"
      on      = ["above"]
      matches = "^{field_marker}\\b"
    }
  }
  ignored {
    field   = "{field}"
    exactly = true
  }

  fix {
    title  = "take `{field}` out of `ignore_changes`, with its marker"
    delete = "lifecycle"
  }
}

# Elsewhere the entry goes by itself.
forbid "retired" {
  when {
    not {
      path          = "lifecycle.ignore_changes"
      items_at_most = 1
      all {
        path = [
          "lifecycle.create_before_destroy", "lifecycle.prevent_destroy", "lifecycle.replace_triggered_by",
          "lifecycle.precondition", "lifecycle.postcondition",
        ]
        present = false
      }
      comment {
        path    = "lifecycle.ignore_changes"
        on      = ["above"]
        matches = "^{field_marker}\\b"
      }
    }
  }
  ignored {
    field   = "{field}"
    exactly = true
  }
}

case "retired" {
  message = "nobody writes `{field}` any more: the entry hides whoever does next"
  help    = "take the entry out, and the `lifecycle` block with it if nothing else is in there"
}
