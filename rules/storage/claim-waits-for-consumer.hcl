summary    = "claim makes the apply wait for a volume that is bound only when a pod uses it"
convention = "B07"
severity   = "error"

select "resource" {
  types = ["kubernetes_persistent_volume_claim", "kubernetes_persistent_volume_claim_v1"]
}

where {
  path   = "spec.storage_class_name"
  one_of = param.autoresized_classes
}

forbid "misplaced" {
  path    = "spec.wait_until_bound"
  present = true
  underline = "key"

  fix {
    title  = "move it out of `spec`"
    delete = "spec.wait_until_bound"
    set    = { "wait_until_bound" = "false" }
  }
}

require "waits" {
  when {
    path    = "spec.wait_until_bound"
    present = false
  }
  path   = "wait_until_bound"
  equals = false
}

case "waits" {
  message = "claim `{name}` waits until it is bound, and nothing binds it before a pod uses it: the apply hangs"
  help    = "write `wait_until_bound = false` in the resource, beside `spec`"
}

case "misplaced" {
  message = "`wait_until_bound` of claim `{name}` stands inside `spec`, where it is no argument"
  help    = "move it out of `spec`"
}
