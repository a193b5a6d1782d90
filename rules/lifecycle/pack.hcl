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

  # The markers of mutators, as comments carry them.
  markers = [
    "KYVERNO_LIFECYCLE_V1",
    "KYVERNO_LIFECYCLE_V2",
    "KEEL_LIFECYCLE_V1",
    "KEEL_IGNORE_IMAGE",
    "METALLB_LIFECYCLE_V1",
    "RELOADER_LIFECYCLE_V1",
    "SABLIER_MANAGED_REPLICAS",
  ]
}

# Entries of `ignore_changes` that make room for a mutator, by the marker that such an entry carries.
gather "entries" {
  label = "this entry makes room for the mutator"
  from {
    select "resource" { types = ["kubernetes_*"] }
    each "field" { mutator = "inject-ndots" }
    where {
      ignored { field = "{field}" }
    }
  }
  from {
    select "resource" { types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"] }
    each "field" { mutator = "inject-keel-annotations" }
    where {
      ignored { field = "{field}" }
    }
  }
  from {
    select "resource" { types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"] }
    each "field" { mutator = "strip-match-tag" }
    where {
      ignored { field = "{field}" }
    }
  }
  from {
    select "resource" { types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"] }
    each "field" { mutator = "keel-never-when-another-owner" }
    where {
      ignored { field = "{field}" }
    }
  }
  from {
    select "resource" { types = ["kubernetes_secret*"] }
    each "field" { mutator = "clone-secret" }
    where {
      ignored { field = "{field}" }
    }
  }
  from {
    select "resource" { types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"] }
    each "field" { mutator = "keel-update-time" }
    where {
      ignored { field = "{field}" }
    }
  }
  from {
    select "resource" { types = ["kubernetes_deployment*"] }
    each "field" { mutator = "keel-change-cause" }
    where {
      ignored { field = "{field}" }
    }
  }
  from {
    select "resource" { types = ["kubernetes_deployment*"] }
    each "field" { mutator = "deployment-controller" }
    where {
      ignored { field = "{field}" }
    }
  }
  from {
    select "resource" { types = ["kubernetes_service", "kubernetes_service_v1"] }
    each "field" { mutator = "metallb-pool" }
    where {
      ignored { field = "{field}" }
    }
  }
  from {
    select "resource" { types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"] }
    each "field" { mutator = "reloader-stamp" }
    where {
      ignored { field = "{field}" }
    }
  }
  from {
    select "resource" { types = ["kubernetes_deployment*", "kubernetes_stateful_set*"] }
    each "field" { mutator = "sablier" }
    where {
      ignored { field = "{field}" }
    }
  }
  from {
    select "resource" { types = ["kubernetes_namespace*"] }
    each "field" { mutator = "tigera-operator" }
    where {
      ignored { field = "{field}" }
    }
  }
  from {
    select "resource" { types = ["kubernetes_namespace*"] }
    each "field" { mutator = "goldilocks" }
    where {
      ignored { field = "{field}" }
    }
  }
  from {
    select "resource" { types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"] }
    each "field" { mutator = "keel-image" }
    let "list" {
      path    = "field"
      capture = "^(?<value>.*)\\[\\*\\]\\.image$"
    }
    let "blocks" {
      path    = "list"
      capture = "(?<value>[a-z_]+)$"
    }
    each "container" { path = "spec.template.spec[\"{blocks}\"]" }
    where {
      ignored { field = "{list}[{container_index}].image" }
    }
  }
}
