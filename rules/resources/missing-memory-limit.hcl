summary    = "container does not say how much memory it needs"
convention = "B40"
severity   = "warning"
reads      = ["**/kyverno/**/*.{tf,tf.json}"]

select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod"] }

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

let "tier" {
  in     = "namespaces"
  match  = { named = "{namespace}" }
  column = "tier"
}

let "own_limits" {
  in     = "namespaces"
  match  = { named = "{namespace}" }
  column = "own_limits"
}

let "usual" {
  in     = "tier_limits"
  match  = { tier = "{tier}" }
  column = "usual"
}

each "pod" { path = ["spec", "spec.template.spec", "spec.jobTemplate.spec.template.spec"] }

each "container" { path = ["pod.containers[*]", "pod.initContainers[*]"] }

let "container_name" {
  path    = "container.name"
  default = "?"
}

require "resources" {
  path    = "container.resources"
  present = true

  fix {
    safety = "display"
    insert = {
      "container" = <<-EOT
        resources {{
          requests = {{
            memory = "TODO what it needs"
          }}
          limits = {{
            memory = "TODO the same"
          }}
        }}
      EOT
    }
  }
}

require "limit" {
  when {
    path    = "container.resources"
    present = true
  }
  path    = "container.resources.limits.memory"
  present = true

  fix {
    safety = "display"
    set    = { "container.resources.limits[\"memory\"]" = "TODO what it needs" }
  }
}

case "resources" {
  when {
    all {
      text    = "{tier}"
      matches = "."
    }
    all {
      text    = "{usual}"
      matches = "."
    }
    not {
      text   = "{own_limits}"
      equals = true
    }
  }
  message = "container `{container_name}` asks for nothing: it gets the `{usual}` of its tier, and is killed above that"
  help    = "add `resources` with the memory it needs, the same under `requests` and `limits`"
}

case "resources" {
  message = "container `{container_name}` asks for nothing: how much memory it gets is decided elsewhere"
  help    = "add `resources` with the memory it needs, the same under `requests` and `limits`"
}

case "limit" {
  message = "container `{container_name}` has no memory limit: it gets the default of its namespace, which may be below what it requests"
  help    = "add `memory` to `limits`"
}
