summary    = "admission policy stamps `force`, with which Keel picks any tag of the repository, on whatever it matches"
convention = "C14"
severity   = "error"
facts      = "stack"

select "object" {
  kinds = ["ClusterPolicy", "Policy"]
  api   = ["kyverno.io/*"]
}

each "rule" { path = "spec.rules[*]" }

let "rule_name" {
  path    = "rule.name"
  default = "(unnamed)"
}

# By a merge, with anchors or without, or by a patch of JSON.
each "stamp" {
  path = [
    "rule.mutate.**[\"keel.sh/policy\"]", "rule.mutate.**[\"+(keel.sh/policy)\"]", "rule.mutate.patchesJson6902[*]",
    "rule.mutate.foreach[*].patchesJson6902[*]",
  ]
}

where {
  any {
    all {
      path   = "stamp"
      equals = "force"
    }
    all {
      path    = "stamp.path"
      matches = "keel\\.sh~1policy$"
    }
  }
}

forbid "stamped" {
  path   = ["stamp", "stamp.value"]
  equals = "force"

  fix { replace = "patch" }
}

case "stamped" {
  message = "rule `{rule_name}` of policy `{name}` stamps `force` on whatever it matches: Keel takes any tag of their images, and can swap those of a pod"
  help    = "stamp `patch`, and let workloads of one container with an image of your own say `force` themselves"
}
