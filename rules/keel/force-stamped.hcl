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

forbid "stamped" {
  path = [
    "rule.mutate.patchStrategicMerge.metadata.annotations[\"keel.sh/policy\"]",
    "rule.mutate.patchStrategicMerge.metadata.annotations[\"+(keel.sh/policy)\"]",
  ]
  equals = "force"

  fix { replace = "patch" }
}

case "stamped" {
  message = "rule `{rule_name}` of policy `{name}` stamps `force` on whatever it matches: Keel takes any tag of their images, and can swap those of a pod"
  help    = "stamp `patch`, and let workloads of one container with an image of your own say `force` themselves"
}
