summary = "what `ignore_changes` tells Terraform to overlook, for Reloader and others, and whether it still should"

applies_when {
  file {
    path     = "**/*.tf"
    contains = "# KYVERNO_LIFECYCLE_V1"
  }
}

applies_when {
  file {
    path     = "**/*.tf"
    contains = "# KEEL_LIFECYCLE_V1"
  }
}

params {
  # Images that must float: their publisher keeps no other tag.
  floating_images = ["bitnami/kubectl:latest", "docker.io/bitnami/kubectl:latest"]

  # Functions that say something else each time.
  moving = ["timestamp", "plantimestamp", "uuid"]

  # The markers of mutators, as comments carry them: none is a misspelling of another. Other packs read this list too.
  markers = [
    "KYVERNO_LIFECYCLE_V1",
    "KYVERNO_LIFECYCLE_V2",
    "KEEL_LIFECYCLE_V1",
    "KEEL_IGNORE_IMAGE",
    "METALLB_LIFECYCLE_V1",
    "RELOADER_LIFECYCLE_V1",
    "SABLIER_MANAGED_REPLICAS",
  ]

  # The marker of what is ignored by hand, and the days of which a look is too long ago.
  workaround = "DRIFT_WORKAROUND"
  long_ago   = "^(?:20[01]\\d|202[0-5])-"
}

# What is made anew with each plan.
gather "restless" {
  label = "this is made anew with each plan"
  select "resource" { types = ["random_*", "null_resource", "terraform_data", "time_static"] }
  where {
    path    = ["keepers", "triggers", "triggers_replace"]
    calls   = param.moving
    through = true
  }
  let "made" { text = "{module} {address}" }
}

# Entries of `ignore_changes` that make room for a mutator, by the marker that such an entry carries.
gather "entries" {
  label = "this entry makes room for the mutator"
  from {
    select "resource" { types = ["kubernetes_*"] }
    where { path = "lifecycle.ignore_changes" }
    each "field" {
      mutator = [
        "inject-ndots",
        "inject-keel-annotations",
        "strip-match-tag",
        "keel-never-when-another-owner",
        "clone-secret",
        "keel-update-time",
        "keel-change-cause",
        "deployment-controller",
        "metallb-pool",
        "reloader-stamp",
        "sablier",
        "tigera-operator",
        "goldilocks",
      ]
    }
    where {
      ignored { field = "{field}" }
    }
  }
  from {
    select "selector" { of = "keel.images" }
    where {
      ignored { field = "{list}[{container_index}].image" }
    }
  }
}
