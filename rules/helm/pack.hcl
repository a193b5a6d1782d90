summary = "charts, their versions and their values"

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "KYVERNO_LIFECYCLE_V1"
  }
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "\"helm_release\""
  }
}

params {
  # Where a chart says which others it is made of, and which version of each it was built with.
  chart_files = ["**/Chart.yaml", "**/requirements.yaml"]
  lock_files  = ["**/Chart.lock", "**/requirements.lock"]

  # Values that a chart does not read, and where it looks instead: `CHART KEY.KEY`.
  inert_values = {
    "loki loki.ruler"                   = "loki.rulerConfig"
    "authentik server.strategy"         = "server.deploymentStrategy"
    "authentik worker.strategy"         = "worker.deploymentStrategy"
    "proxmox-csi-plugin node.resources" = "node.plugin.resources"
    "alloy resources"                   = "alloy.resources"
    "alloy controller.resources"        = "alloy.resources"
    "tempo resources"                   = "tempo.resources"
    "nextcloud extraVolumes"            = "nextcloud.extraVolumes"
    "nextcloud extraVolumeMounts"       = "nextcloud.extraVolumeMounts"
  }
}

# What the documents say of components whose version floats and is watched: the name without its first letter, whose case
# differs.
gather "watched_components" {
  label = "documented as watched"
  select "text" {
    words   = ["Latest (Diun monitored)"]
    matches = "\\| *[A-Za-z](?<rest>[A-Za-z -]+[A-Za-z]) *\\| *Latest \\(Diun monitored\\)"
    files   = ["docs/**/*.md"]
    zones   = ["prose", "code"]
  }
}

# The other charts that a chart of the repo is made of.
selector "dependency" {
  select "file" {
    files = param.chart_files
    words = ["dependencies"]
  }
  let "chart_file" { text = "{file}" }
  let "directory" {
    path    = "chart_file"
    capture = "^(?<value>.*/)?[^/]+$"
    default = ""
  }
  each "dependency" { path = "dependencies[*]" }
  # What lies in the repo is what it is, and so is what has been unpacked beside the chart.
  where {
    path    = "dependency.repository"
    matches = "^(?:https?|oci)://|^@|^alias:"
  }
  let "chart" { path = "dependency.name" }
  unless {
    exists {
      in    = "unpacked_charts"
      match = { path = "{directory}charts/{chart}/Chart.yaml" }
    }
  }
}

gather "unpacked_charts" {
  label = "the chart is here"
  select "file" { files = ["**/charts/*/Chart.yaml"] }
  let "path" { text = "{file}" }
}

# The versions that `helm dependency build` takes.
gather "locked_dependencies" {
  label = "the version is locked here"
  select "file" {
    files = param.lock_files
    reads = "yaml"
  }
  let "lock" { text = "{file}" }
  let "beside" {
    path    = "lock"
    capture = "^(?<value>.*/)?[^/]+$"
    default = ""
  }
  each "entry" { path = "dependencies[*]" }
  where { path = "entry.version" }
  let "named" { path = "entry.name" }
}
