summary = "apps that are parked at zero replicas and woken by a request: what Sablier needs to know of them"

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "SABLIER_MANAGED_REPLICAS"
  }
}

params {
  # The module whose input `sablier` puts a group behind a route.
  ingress_modules = ["**/ingress_factory"]

  # How long an app has answered before its visitors are let through.
  ready_after = "5s"

  # What must not be parked: the owner decided so, or another scaler has it.
  never_parked = ["annas-archive", "learn", "novelapp", "tts"]
}

# Routes that wake a group.
gather "routes" {
  label = "this route wakes the group"
  select "module" { source = param.ingress_modules }
  where {
    path    = "sablier"
    present = true
  }
  let "own_name" { path = "name" }
  let "group" {
    path    = "sablier.group"
    default = "{own_name}"
  }
}

# Workloads that belong to a group, and labels that put one there which a chart made.
gather "members" {
  label = "this workload belongs to the group"
  from {
    select "object" { kinds = ["Deployment", "StatefulSet"] }
    where {
      path   = "metadata.labels[\"sablier.enable\"]"
      equals = "true"
    }
    let "group" { path = "metadata.labels[\"sablier.group\"]" }
  }
  from {
    select "resource" { types = ["kubernetes_labels"] }
    where {
      path   = "labels[\"sablier.enable\"]"
      equals = "true"
    }
    let "group" { path = "labels[\"sablier.group\"]" }
  }
}
