summary    = "container asks for more memory than its tier allows"
convention = "B40"
severity   = "error"
reads      = ["**/kyverno/**/*.{tf,tf.json}"]

select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod"] }

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

unknown {
  because = "nothing that was read declares namespace `{namespace}`: what tier it is of is not known"
  exists { in = "tier_limits" }
  not {
    exists {
      in    = "namespaces"
      match = { named = "{namespace}" }
    }
  }
}

where {
  exists {
    in    = "bounded_namespaces"
    match = { named = "{namespace}" }
  }
}

let "tier" {
  in     = "bounded_namespaces"
  match  = { named = "{namespace}" }
  column = "tier"
}

let "most" {
  in     = "bounded_namespaces"
  match  = { named = "{namespace}" }
  column = "most"
}

each "pod" { path = ["spec", "spec.template.spec", "spec.jobTemplate.spec.template.spec"] }

each "container" { path = ["pod.containers", "pod.initContainers"] }

forbid "above" {
  path  = ["container.resources.limits.memory", "container.resources.requests.memory"]
  above = "{most}"
  as    = "quantity"

  fix {
    safety  = "display"
    replace = "{most}"
  }
}

case "above" {
  message = "`{value}` is more than the `{most}` that a container may have in tier `{tier}`: the pod is refused"
  help    = "ask for less, move the namespace to another tier, or give it limits of its own"
}
