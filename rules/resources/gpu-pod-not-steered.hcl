summary    = "pod that needs a graphics card is not steered to a node that has one"
convention = "C44"
severity   = "error"
facts      = "repo"

select "selector" { of = "kubernetes.pod" }

let "card" { text = param.card }

let "label" { text = param.card_label }

let "taint" { text = param.card_taint }

# A label of the repo's own is as good as long as the repo puts it on the nodes.
let "kept" {
  in      = "kept_labels"
  column  = "label"
  default = "{label}"
}

# Of what takes none of them, the limit may still be written.
where {
  path     = ["pod.containers.resources.limits[\"{card}\"]", "pod.initContainers.resources.limits[\"{card}\"]"]
  at_least = 1
  as       = "number"
}

# Whatever it selects besides.
forbid "kept_off" {
  derive = false
  when {
    path    = "pod.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.**.matchExpressions.operator"
    present = true
    every   = true
    one_of  = ["NotIn", "DoesNotExist"]
  }
  path   = "pod.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.**.matchExpressions.key"
  equals = "{label}"
}

require "selector" {
  any {
    all {
      path   = "pod.nodeSelector[\"{label}\"]"
      equals = true
    }
    all {
      path    = "pod.nodeSelector[\"{kept}\"]"
      present = true
    }
    all {
      path   = "pod.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.**.matchExpressions.key"
      one_of = ["{label}", "{kept}"]
    }
  }
  at        = "pod.nodeSelector"
  underline = "key"
}

require "toleration" {
  any {
    all {
      path   = "pod.tolerations.key"
      equals = "{taint}"
    }
    # Without a key, every taint is tolerated.
    all {
      path    = "pod.tolerations"
      present = true
      not {
        path    = "pod.tolerations.key"
        present = true
      }
    }
  }
  at        = "pod.tolerations"
  underline = "key"

  fix {
    insert = {
      "pod" = <<-EOT
        toleration {{
          key      = "{taint}"
          operator = "Equal"
          value    = "true"
          effect   = "NoSchedule"
        }}
      EOT
    }
  }
}

forbid "pinned" {
  path      = "pod.nodeSelector[\"kubernetes.io/hostname\"]"
  present   = true

  fix {
    delete = "pod.nodeSelector[\"kubernetes.io/hostname\"]"
    set    = { "pod.nodeSelector[\"{label}\"]" = "true" }
  }
}

forbid "pinned" {
  path    = "pod.nodeName"
  present = true
}

forbid "pinned" {
  when {
    path    = "pod.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.**.matchExpressions.operator"
    present = true
    every   = true
    equals  = "In"
  }
  path   = "pod.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.**.matchExpressions.key"
  equals = "kubernetes.io/hostname"
}

case "kept_off" {
  message = "the pod needs `{card}`, and its affinity keeps it off the nodes with `{label}`: it is never scheduled"
  help    = "write `operator = \"In\"` and `values = [\"true\"]`, or select `{label}` instead"
}

case "selector" {
  message = "the pod needs `{card}` and does not select `{label}`: it waits for a node by a label that nobody keeps up"
  help    = "write `node_selector = {{ \"{label}\" = \"true\" }}`"
}

case "toleration" {
  message = "the pod needs `{card}` and does not tolerate the taint of the nodes that have it: it is never scheduled"
  help    = "add `toleration {{ key = \"{taint}\", operator = \"Equal\", value = \"true\", effect = \"NoSchedule\" }}`, an argument on each line"
}

case "pinned" {
  when {
    text   = "{value}"
    equals = "kubernetes.io/hostname"
  }
  message = "the pod is pinned to nodes by their names: it does not follow the card to another one"
  help    = "ask for `{label}` instead of a host name"
}

case "pinned" {
  message = "the pod is pinned to `{value}`: it does not follow the card to another node"
  help    = "select `{label}` instead of a host name"
}
