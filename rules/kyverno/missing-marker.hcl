summary    = "ignored `dns_config` does not carry the marker that makes it findable"
convention = "A03"
severity   = "error"

select "resource" { types = ["kubernetes_*"] }

each "field" { mutator = "inject-ndots" }

where {
  ignored { field = "{field}" }
}

require "missing" {
  marker {
    word   = "{field_marker}"
    field  = "{field}"
    others = param.lifecycle.markers
  }
}

case "missing" {
  when {
    text    = "{near}"
    present = true
  }
  message = "the marker of this entry is misspelt: `{near}`"
  help    = "write `# {field_marker}`"
}

case "missing" {
  message = "this entry covers `dns_config`, and its `lifecycle` block has no `# {field_marker}` comment"
  help    = "write `# {field_marker}` behind the entry"
}
