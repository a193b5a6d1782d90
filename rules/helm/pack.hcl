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
