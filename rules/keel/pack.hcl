summary = "who owns the image of a workload, Keel or Terraform, and what Kyverno adds for it"

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "\"inject-keel-annotations\""
  }
}

applies_when {
  file {
    path     = "**/*.tf"
    contains = "# KEEL_IGNORE_IMAGE"
  }
}

params {
  # The policy that enrols workloads, and says which namespaces and owners it leaves alone.
  policy = "inject-keel-annotations"

  # The chart that runs it.
  chart = "keel"

  # Images that Keel leaves as they are, as a regex: those with a digest, which has no tag to poll, or with four numbers, which its parser
  # skips.
  unmoved_images = "@sha256:|:v?\\d+\\.\\d+\\.\\d+\\.\\d+$"

  # Images that the owner of the repo publishes, with one tag that moves.
  owned_images = ["ghcr.io/viktorbarzin/*"]
}

# The workloads that Keel updates.
selector "updated" {
  select "resource" {
    types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"]
  }

  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }

  unknown {
    because = "the repo does not declare namespace `{namespace}`: whether it is enrolled is not known"
    not {
      exists {
        in    = "kubernetes.namespaces"
        match = { named = "{namespace}" }
      }
    }
    not {
      exists {
        in     = "excluded"
        covers = { namespace = "{namespace}" }
      }
    }
    not {
      exists {
        in    = "enrolled"
        match = { named = "{namespace}" }
      }
    }
  }
  where {
    path = "namespace"
    in   = "enrolled.named"
  }

  let "enrolment" {
    in     = "enrolled"
    match  = { named = "{namespace}" }
    column = "header"
  }

  # Keel passes by what opted out, and the policy opts out what says that something else manages it.
  unless {
    any {
      all {
        path   = "metadata.annotations[\"keel.sh/policy\"]"
        equals = "never"
      }
      exists {
        in    = "other_owners"
        match = { owner = { path = "metadata.labels[\"app.kubernetes.io/managed-by\"]" } }
      }
    }
  }
}

# The image of each container of a workload, as a field that Keel changes.
selector "images" {
  select "resource" {
    types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"]
  }
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
}

# The policy that enrols workloads.
selector "policy" {
  select "object" { kinds = ["ClusterPolicy", "Policy"] }
  where {
    path   = "metadata.name"
    equals = param.policy
  }
}

# The labels that something else than the namespace's own block gives it.
selector "labelled_namespace" {
  select "resource" { types = ["kubernetes_labels"] }
  where {
    path   = "kind"
    equals = "Namespace"
  }
}

# The namespaces whose workloads the policy never enrols.
gather "excluded" {
  label = "the policy excludes the namespace here"
  select "selector" { of = "policy" }
  each "namespace" {
    path = ["spec.rules[*].exclude[*].resources.namespaces[*]", "spec.rules[*].exclude.resources.namespaces[*]"]
  }
}

# The labels that the policy asks for when it leaves a workload alone.
gather "labels_read" {
  label = "the policy reads the label here"
  select "selector" { of = "policy" }
  each "wanted" {
    path = [
      "spec.rules[*].exclude.any[*].resources.selector.matchLabels.*",
      "spec.rules[*].exclude.all[*].resources.selector.matchLabels.*",
      "spec.rules[*].exclude.resources.selector.matchLabels.*",
    ]
  }
  let "key" { text = "{wanted_key}" }
}

# The labels with which a workload says that something else updates it: the policy opts it out.
gather "other_owners" {
  label = "the policy opts out what this owner manages"
  select "selector" { of = "policy" }
  each "expression" { path = "spec.rules[*].match.any[*].resources.selector.matchExpressions[*]" }
  where {
    path   = "expression.key"
    equals = "app.kubernetes.io/managed-by"
  }
  each "owner" { path = "expression.values[*]" }
}

# Where Keel is set up: its chart, the policy that enrols workloads, or a namespace that wants them enrolled.
gather "setup" {
  label = "Keel is set up here"
  from {
    select "resource" { types = ["helm_release"] }
    where {
      path   = "chart"
      equals = param.chart
    }
  }
  from {
    select "selector" { of = "policy" }
  }
  from {
    select "object" { kinds = ["Namespace"] }
    where {
      path    = "metadata.labels[\"keel.sh/enrolled\"]"
      present = true
    }
  }
  from {
    select "selector" { of = "labelled_namespace" }
    where {
      path    = "labels[\"keel.sh/enrolled\"]"
      present = true
    }
  }
}

# The workloads that Keel passes by because of their namespace: of a module that several call, some may be among them.
gather "passed_by" {
  label = "Keel passes this by"
  select "resource" {
    types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"]
  }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  where {
    not {
      path = "namespace"
      in   = "enrolled.named"
    }
  }
  let "at" { text = "{module} {address}" }
}

# The namespaces in which Keel updates what runs.
gather "enrolled" {
  label = "the namespace is enrolled here"
  from {
    select "object" { kinds = ["Namespace"] }
    where {
      path   = "metadata.labels[\"keel.sh/enrolled\"]"
      equals = "true"
    }
    let "named" { path = "metadata.name" }
  }
  from {
    select "selector" { of = "labelled_namespace" }
    where {
      path   = "labels[\"keel.sh/enrolled\"]"
      equals = "true"
    }
    let "named" { path = "metadata.name" }
  }
  let "header" { text = "{address}" }
  unless {
    exists {
      in     = "excluded"
      covers = { namespace = "{named}" }
    }
  }
}
