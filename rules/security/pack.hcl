summary = "what pods may do on the node, and whom the security alerts trust"

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "\"deny-privileged-containers\""
  }
}

applies_when {
  file {
    path     = "**/*.tf"
    contains = "lane = \"security\""
  }
}

params {
  # The policies that refuse a pod: their exceptions are read from them.
  privileged_policy = "deny-privileged-containers"
  host_policy       = "deny-host-namespaces"
  sys_admin_policy  = "restrict-sys-admin"

  # The capability that is nearly root, and all of them, it among them.
  sys_admin        = ["SYS_ADMIN", "CAP_SYS_ADMIN"]
  all_capabilities = ["ALL"]

  # Where the rules of the security lane stand, and a word in these files.
  alert_files = ["**/monitoring/**"]
  alert_words = ["\"security\"", "lane: security"]

  # Every identity of the domain, as it stands in a query, with the part before the `@`, or several between brackets,
  # as the group `user`.
  identity = "(?<at>(?<user>[A-Za-z0-9._+-]+|\\((?:\\?:)?[A-Za-z0-9._+|-]+\\))@viktorbarzin\\\\*\\.me)"

  # The identities that log in.
  trusted_users = ["me"]

  # Tiers whose egress is not closed yet, as the label `tier` of a namespace has them.
  open_tiers = "0-core|1-cluster|2-gpu"

  # Under which the network has policies of its own, and how one says which namespaces it is for: all of them, those with these tiers, those
  # without these, and one by its name.
  calico_apis   = ["projectcalico.org/*", "crd.projectcalico.org/*"]
  every_tier    = "^\\s*(?:all\\(\\)|has\\(tier\\))?\\s*$"
  with_tiers    = "^\\s*tier\\s*(?:==|\\bin\\s*\\{)(?<value>[^}&|]*)\\}?\\s*$"
  without_tiers = "^\\s*tier\\s*(?:!=|\\bnot\\s+in\\s*\\{)(?<value>[^}&|]*)\\}?\\s*$"
  by_name       = "^\\s*(?:kubernetes\\.io/metadata\\.name|projectcalico\\.org/name)\\s*==\\s*[\"'](?<value>[^\"']+)[\"']\\s*$"
}

# Each policy that only tells, and refuses nothing yet.
gather "auditing" {
  label = "it does not enforce here"
  select "object" {
    kinds = ["ClusterPolicy"]
    api   = ["kyverno.io/*"]
  }
  # What a rule says wins over what the policy says.
  let "action" {
    path    = "spec.rules[*].validate.failureAction"
    default = { path = "spec.validationFailureAction" }
  }
  where {
    path   = "action"
    one_of = ["Audit", "audit"]
  }
  let "policy" { path = "metadata.name" }
}

# Each namespace that a policy lets through.
gather "exempt" {
  label = "the policy leaves this namespace alone"
  select "object" {
    kinds = ["ClusterPolicy"]
    api   = ["kyverno.io/*"]
  }
  let "policy" { path = "metadata.name" }
  each "namespace" {
    path = ["spec.rules[*].exclude[*].resources.namespaces[*]", "spec.rules[*].exclude.resources.namespaces[*]"]
  }
}

# What the values of a chart ask of the node, and the policy that refuses it: for all of its pods, or for those of a part.
gather "chart_asks" {
  label = "the chart is told so here"
  from {
    select "selector" { of = "kubernetes.chart_part" }
    each "setting" { path = ["part.securityContext.privileged", "part.containerSecurityContext.privileged"] }
    where {
      path   = "setting"
      equals = true
    }
    let "policy" { text = param.privileged_policy }
    let "asks" { text = "to be privileged" }
  }
  from {
    select "selector" { of = "kubernetes.chart_part" }
    each "field" { texts = { hostNetwork = "network", hostPID = "processes", hostIPC = "IPC" } }
    each "setting" { path = "part.{field}" }
    where {
      path   = "setting"
      equals = true
    }
    let "policy" { text = param.host_policy }
    let "asks" { text = "to share the node's {field_value}" }
  }
  from {
    select "selector" { of = "kubernetes.chart_part" }
    each "setting" { path = ["part.securityContext.capabilities.add[*]", "part.containerSecurityContext.capabilities.add[*]"] }
    where {
      path   = "setting"
      one_of = [param.sys_admin, param.all_capabilities]
    }
    let "policy" { text = param.sys_admin_policy }
    let "asks" { text = "for `{setting}`, nearly root on the node," }
  }
  # The same by a setting of its own.
  from {
    select "resource" { types = ["helm_release"] }
    each "given" { path = "set[*]" }
    let "setting" { path = "given.value" }
    let "called" { path = "given.name" }
    let "end" {
      path    = "called"
      capture = "(?:^|\\.)(?:\\w*[sS]ecurityContext\\.)?(?<value>privileged|hostNetwork|hostPID|hostIPC|capabilities\\.add)(?:\\[\\d+\\])?$"
    }
    each "form" {
      texts = {
        "privileged"       = param.privileged_policy
        "hostNetwork"      = param.host_policy
        "hostPID"          = param.host_policy
        "hostIPC"          = param.host_policy
        "capabilities.add" = param.sys_admin_policy
      }
    }
    where {
      path   = "end"
      equals = "{form}"
    }
    where {
      path   = "setting"
      one_of = [true, param.sys_admin, param.all_capabilities]
    }
    let "policy" { text = "{form_value}" }
    let "asks" { text = "for `{called} = {setting}`" }
  }
  let "namespace" {
    path    = "namespace"
    default = "default"
  }
  # What the chart makes elsewhere.
  unless {
    path    = ["values[*].namespaceOverride", "values[*].global.namespaceOverride"]
    present = true
  }
}

# The policies of Calico with a rule that lets everything out.
gather "open_calico_policies" {
  label = "everything is let out here"
  select "object" {
    kinds = ["NetworkPolicy", "GlobalNetworkPolicy"]
    api   = param.calico_apis
  }
  let "declared_at" { text = "{module} {address}" }
  let "policy" { path = "metadata.name" }
  each "rule" { path = "spec.egress[*]" }
  where {
    path   = "rule.action"
    one_of = ["Allow", "Pass"]
  }
  unless {
    path = [
      "rule.destination[*]", "rule.source[*]", "rule.protocol", "rule.notProtocol", "rule.icmp", "rule.notICMP", "rule.http", "rule.ipVersion",
    ]
    present = true
  }
}
