summary    = "workload's `dns_config` is mutated by Kyverno and not ignored by Terraform"
convention = "A02"
severity   = "error"
reads      = ["**/kyverno/**/*.{tf,tf.json}"]

select "resource" { types = ["kubernetes_*"] }

each "field" { mutator = "inject-ndots" }

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

# A namespace that is not known may be any: only one that is can be exempt.
unless {
  certain {
    path    = "namespace"
    matches = "."
  }
  exists {
    in     = "ndots_exempt"
    covers = { namespace = "{namespace}" }
  }
}

let "policy" {
  in     = "ndots_policies"
  column = "header"
}

require "missing" {
  ignored { field = "{field}" }
  related = { policy = "required here" }
}

case "missing" {
  when {
    ignored {
      field       = "{field}"
      ineffective = true
    }
  }
  message = "the `ignore_changes` entry for `dns_config` of `{kind}.{name}` has no effect"
  help    = "write exactly `{field}, # {field_marker}`"
}

# The policy leaves a pod alone that already has the option.
case "missing" {
  severity = "info"
  when {
    path   = "{field}.option.name"
    equals = "ndots"
  }
  message = "`{kind}.{name}` declares `ndots` itself, so Kyverno leaves it alone for now"
  help    = "`{field}, # {field_marker}` in `ignore_changes` keeps it clean if the declaration goes"
}

case "missing" {
  message = "Kyverno sets `dns_config` on `{kind}.{name}`, and `ignore_changes` does not cover it"
  help    = "add `{field}, # {field_marker}` to `lifecycle {{ ignore_changes = [ … ] }}`"
}
