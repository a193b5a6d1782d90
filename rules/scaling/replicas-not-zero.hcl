summary    = "workload that is parked by default says otherwise in the code"
convention = "C18"
severity   = "info"

select "resource" {
  types = ["kubernetes_deployment*", "kubernetes_stateful_set*"]
}

where {
  path   = "metadata.labels[\"sablier.enable\"]"
  equals = "true"
}

require "awake" {
  path   = "spec.replicas"
  equals = 0

  # What is not ignored would park what is awake.
  fix {
    when {
      ignored { field = "spec[0].replicas" }
    }
    set = { "spec.replicas" = "0" }
  }
}

case "awake" {
  message = "`{name}` is parked by default, and the code does not say `replicas = 0`: a recreated workload stays up until the first visit has ended"
  help    = "write `replicas = 0`"
}
