summary = "how Kyverno policies are written, so that the cluster refuses what it should and nothing gets stuck"

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "\"require-trusted-registries\""
  }
}

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "dependency.kyverno.io/wait-for"
  }
}

params {
  # The policies that must refuse, and not only report.
  enforced = ["deny-privileged-containers", "deny-host-namespaces", "restrict-sys-admin", "require-trusted-registries"]

  # The one list of namespaces that they leave alone.
  shared_exclusions = ["local.security_policy_exclude_namespaces"]

  # Kinds with a free-form field in `spec`, which `kubernetes_manifest` cannot type.
  free_form_fields = { Middleware = "plugin" }

  # The annotation that asks for init containers which wait.
  wait_for = "dependency.kyverno.io/wait-for"

  # Locals whose keys are namespaces.
  namespace_maps = ["ns_to_group"]

  # Namespaces that every cluster has, or that an operator makes.
  foreign_namespaces = ["default", "kube-system", "kube-public", "kube-node-lease"]
}

# Every policy of the repo.
gather "policies" {
  label = "the policy is declared here"
  select "object" {
    kinds = ["ClusterPolicy", "Policy"]
    api   = ["kyverno.io/*"]
  }
  let "named" { path = "metadata.name" }
}

# The namespaces on the shared list.
gather "shared_namespaces" {
  label = "the shared list"
  select "block" { type = "locals" }
  each "list" { texts = param.shared_exclusions }
  let "local_name" {
    path    = "list"
    capture = "^local\\.(?<value>.+)$"
  }
  each "namespace" { path = "{local_name}[*]" }
}

# The rules that leave updates out by what they ask about the request.
gather "creations" {
  label = "the rule leaves updates out here"
  select "object" {
    kinds = ["ClusterPolicy", "Policy"]
    api   = ["kyverno.io/*"]
  }
  let "policy" { text = "{name}" }
  each "rule" { path = "spec.rules[*]" }
  let "rule_name" {
    path    = "rule.name"
    default = "(unnamed)"
  }
  each "condition" {
    path = ["rule.preconditions.all[*]", "rule.preconditions.any[*]", "rule.preconditions[*]"]
  }
  where {
    path = "condition.key"
    like = ["*request.operation*"]
  }
  where {
    any {
      all {
        all {
          path   = "condition.operator"
          one_of = ["Equal", "Equals", "In", "AnyIn", "AllIn"]
        }
        not {
          path   = ["condition.value", "condition.value[*]"]
          equals = "UPDATE"
        }
      }
      all {
        all {
          path   = "condition.operator"
          one_of = ["NotEqual", "NotEquals", "NotIn", "AnyNotIn", "AllNotIn"]
        }
        all {
          path   = ["condition.value", "condition.value[*]"]
          equals = "UPDATE"
        }
      }
    }
  }
}

# Every namespace that the repo declares by its name. Those that are made for each element of something have none here.
gather "declared_namespaces" {
  label = "a namespace is declared here"
  select "object" { kinds = ["Namespace"] }
  unless {
    path    = "for_each"
    present = true
  }
  let "named" { path = "metadata.name" }
}
