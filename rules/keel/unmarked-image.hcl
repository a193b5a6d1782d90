summary    = "ignored image does not carry the marker that makes it findable"
convention = "B06"
severity   = "info"

select "selector" { of = "images" }

require "missing" {
  when {
    ignored { field = "{list}[{container_index}].image" }
    not {
      path   = "metadata.annotations[\"keel.sh/policy\"]"
      equals = "never"
    }
  }
  any {
    marker {
      word   = "{field_marker}"
      field  = "{list}[{container_index}].image"
      others = param.lifecycle.markers
    }
    marker {
      word   = "DRIFT_WORKAROUND"
      field  = "{list}[{container_index}].image"
      others = param.lifecycle.markers
    }
  }
}

# Where Keel keeps off, somebody else sets it, and the marker would say what is not so.
require "missing" {
  when {
    ignored { field = "{list}[{container_index}].image" }
    path   = "metadata.annotations[\"keel.sh/policy\"]"
    equals = "never"
  }
  derive = false
  any {
    marker {
      word   = "{field_marker}"
      field  = "{list}[{container_index}].image"
      others = param.lifecycle.markers
    }
    marker {
      word   = "DRIFT_WORKAROUND"
      field  = "{list}[{container_index}].image"
      others = param.lifecycle.markers
    }
  }
}

case "missing" {
  message = "this entry covers `{blocks}[{container_index}].image`, and its `lifecycle` block has no `# {field_marker}` comment, nor one that says who sets it"
  help    = "write `# {field_marker}` behind the entry, or `# DRIFT_WORKAROUND: <who sets the image>` in the block"
}
