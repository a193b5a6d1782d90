summary    = "chart runs several pods, or rolls over, on a volume that only one node can mount"
convention = "B08"
severity   = "error"
facts      = "repo"

select "row" { of = "chart_mounts" }

# Those of the part that is given the claim: as it says, or as the settings beside it do.
forbid "replicas" {
  path  = ["part.replicaCount", "part.replicas", "part.controllers[*].replicas"]
  above = 1
  as    = "number"
}

forbid "replicas" {
  path  = "replicas"
  above = 1
  as    = "number"
}

# A stateful set, whose strategy goes by `updateStrategy`, ends a pod before it starts its successor.
forbid "rolls" {
  path   = ["part.strategy.type", "part.deploymentStrategy.type", "part.controllers[*].strategy"]
  equals = "RollingUpdate"
}

case "replicas" {
  message = "the chart of `{name}` runs `{value}` pods on claim `{claim}`, which can be mounted on one node only"
  help    = "write 1, or move the data to a volume that can be shared"
}

case "rolls" {
  message = "the chart of `{name}` rolls over, while claim `{claim}` can be mounted on one node only: the new pod waits for the old one, which waits for the new one"
  help    = "write `Recreate`"
}
