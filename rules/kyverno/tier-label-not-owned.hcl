summary    = "Kyverno gives a workload the tier of its namespace, and each apply takes it off"
convention = "C19"
severity   = "warning"
facts      = "repo"

select "resource" {
  types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"]
}

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

unknown {
  because = "the repo does not declare namespace `{namespace}`: what tier it is of is not known"
  exists { in = "tiers" }
  not {
    exists {
      in    = "kubernetes.namespaces"
      match = { named = "{namespace}" }
    }
  }
}

let "labels" {
  in     = "kubernetes.namespaces"
  match  = { named = "{namespace}" }
  column = "labels"
}

let "tier" { path = "labels.tier" }

# The local of this module that the namespace takes it from.
let "local" {
  in      = "tier_locals"
  match   = { named = "{namespace}", declared_in = "{module}" }
  column  = "local"
  default = ""
}

where {
  path = "tier"
  in   = "tiers.tier"
}

unless {
  exists {
    in     = "tier_exempt"
    covers = { namespace = "{namespace}" }
  }
}

each "field" { mutator = "sync-tier-label" }

require "missing" {
  at = "metadata.labels"
  any {
    all {
      path    = "metadata.labels.tier"
      present = true
    }
    ignored { field = "{field}" }
  }

  # As the namespace says it, where that means the same here.
  fix {
    when {
      path    = "local"
      matches = "."
    }
    set_expression = { "metadata.labels[\"tier\"]" = "{local}" }
  }

  fix {
    set = { "metadata.labels[\"tier\"]" = "{tier}" }
  }
}

require "differs" {
  when {
    path    = "metadata.labels.tier"
    present = true
  }
  path   = "metadata.labels.tier"
  equals = "{tier}"
}

case "missing" {
  message = "Kyverno labels `{name}` with the tier of its namespace, `{tier}`, and each apply takes the label off"
  help    = "declare the label `tier` with the tier of the namespace, or add `{field}` to `ignore_changes`"
}

case "differs" {
  message = "`{name}` says that its tier is `{value}`, and its namespace `{namespace}` is of tier `{tier}`"
  help    = "write the tier of the namespace"
}
