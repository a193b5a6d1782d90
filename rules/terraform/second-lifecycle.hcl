summary    = "resource has two `lifecycle` blocks, or two of another that it may have once"
convention = "E11"
severity   = "error"

select "resource" { types = ["*"] }

forbid "second" {
  path      = "lifecycle[1]"
  present   = true
  underline = "subject"
  derive    = false
}

forbid "timeouts" {
  path    = "timeouts[1]"
  present = true
  derive  = false
}

# Of these Kubernetes has one each. What `dynamic` makes may be one of two.
forbid "metadata" {
  when {
    text    = "{kind}"
    matches = "^kubernetes_"
  }
  path    = ["metadata[1]", "spec.template.metadata[1]"]
  present = true
  derive  = false
}

forbid "spec" {
  when {
    text    = "{kind}"
    matches = "^kubernetes_"
  }
  path    = ["spec[1]", "spec.template.spec[1]", "spec.job_template.spec[1]", "spec.job_template.spec.template.spec[1]"]
  present = true
  derive  = false
}

forbid "template" {
  when {
    text    = "{kind}"
    matches = "^kubernetes_"
  }
  path    = ["spec.template[1]", "spec.job_template.spec.template[1]"]
  present = true
  derive  = false
}

case "second" {
  message = "`{address}` has two `lifecycle` blocks, and may have one: no plan of the stack comes about"
  help    = "merge them into one"
}

case "timeouts" {
  message = "`{address}` has two `timeouts` blocks where it may have one: no plan of the stack comes about"
  help    = "merge them into one"
}

case "metadata" {
  message = "`{address}` has two `metadata` blocks where it may have one: no plan of the stack comes about"
  help    = "merge them into one"
}

case "spec" {
  message = "`{address}` has two `spec` blocks where it may have one: no plan of the stack comes about"
  help    = "merge them into one"
}

case "template" {
  message = "`{address}` has two `template` blocks where it may have one: no plan of the stack comes about"
  help    = "merge them into one"
}
