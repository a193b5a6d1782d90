summary    = "job mounts a volume that one node has, and may start on another"
convention = "B08"
severity   = "error"
facts      = "repo"

select "object" { kinds = ["CronJob", "Job"] }

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

each "pod" { path = ["spec.template.spec", "spec.jobTemplate.spec.template.spec"] }

each "claim" { path = "pod.volumes[*].persistentVolumeClaim.claimName" }

unknown {
  because = "nothing in the repo declares claim `{claim}` in namespace `{namespace}`"
  not {
    any {
      exists {
        in    = "kubernetes.claims"
        match = { named = "{claim}", namespace = "{namespace}" }
      }
      all {
        text    = "{claim}"
        matches = param.disk_names
      }
    }
  }
}

# Of a claim that somebody made by hand, its name tells the class.
where {
  any {
    exists {
      in    = "kubernetes.single_node_claims"
      match = { named = "{claim}", namespace = "{namespace}" }
    }
    all {
      text    = "{claim}"
      matches = param.disk_names
      not {
        exists {
          in    = "kubernetes.claims"
          match = { named = "{claim}", namespace = "{namespace}" }
        }
      }
    }
  }
}

# By whatever runs for long: two jobs are seldom there at a time.
where {
  exists {
    in    = "held"
    match = { claim = "{claim}", namespace = "{namespace}" }
  }
}

# Whatever it says about its node, somebody has thought of it.
require "anywhere" {
  path = [
    "pod.affinity.podAffinity", "pod.affinity.nodeAffinity", "pod.nodeName", "pod.nodeSelector",
  ]
  present = true
  at      = "claim"
}

case "anywhere" {
  message = "`{name}` mounts claim `{claim}`, which one node has at a time, beside an app that holds it: started on another node, it waits for the volume until the app stops"
  help    = <<-EOT
    keep it on the node of the app, with the labels of that app's pods:
    affinity {{
      pod_affinity {{
        required_during_scheduling_ignored_during_execution {{
          label_selector {{
            match_labels = {{ app = "…" }}
          }}
          topology_key = "kubernetes.io/hostname"
        }}
      }}
    }}
    EOT
}
