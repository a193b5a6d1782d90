summary  = "patch writes a label or annotation that something in the cluster writes"
severity = "error"

select "resource" { types = ["kubernetes_labels", "kubernetes_annotations"] }

each "key" { path = ["labels[*]", "annotations[*]", "template_annotations[*]"] }

each "owned" { texts = param.owned_keys }

where {
  text   = "{key_key}"
  equals = "{owned}"
}

forbid "forced" {
  when {
    path   = "force"
    equals = true
  }
  path      = "key"
  present   = true
  underline = "key"
}

forbid "refused" {
  when {
    not {
      path   = "force"
      equals = true
    }
  }
  path      = "key"
  present   = true
  underline = "key"
}

case "forced" {
  message = "`{owned}` is written by {owned_value}: with `force` this takes it over, and it is written again, so the two take it from each other for good"
  help    = "take it out"
}

case "refused" {
  message = "`{owned}` is written by {owned_value}: where it is there already, the apply ends with a conflict"
  help    = "take it out"
}
