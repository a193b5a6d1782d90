summary    = "Keel stamps the pod template, and each apply takes the stamp off and rolls the pods"
convention = "C12"
severity   = "warning"

select "resource" {
  types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"]
}

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

where {
  path = "namespace"
  in   = "enrolled.named"
}

let "enrolment" {
  in     = "enrolled"
  match  = { named = "{namespace}" }
  column = "header"
}

# Keel passes by what opted out, and the policy opts out what says that something else manages it.
unless {
  any {
    all {
      path   = "metadata.annotations[\"keel.sh/policy\"]"
      equals = "never"
    }
    exists {
      in    = "other_owners"
      match = { owner = { path = "metadata.labels[\"app.kubernetes.io/managed-by\"]" } }
    }
  }
}

each "field" { mutator = "keel-update-time" }

require "missing" {
  ignored { field = "{field}" }
  related = { enrolment = "Keel updates what runs in this namespace" }
}

case "missing" {
  message = "Keel stamps `keel.sh/update-time` on the pods of `{name}`, and `ignore_changes` does not cover it: each apply rolls them"
  help    = "add `{field}, # {field_marker}` to `ignore_changes`"
}
