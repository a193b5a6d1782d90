summary    = "workload waits for the reloader to search, and nothing it uses can be found"
convention = "D08"
severity   = "warning"

select "object" {
  kinds = ["Deployment", "StatefulSet", "DaemonSet"]
}

where {
  path = [
    "metadata.annotations[\"reloader.stakater.com/search\"]",
    "spec.template.metadata.annotations[\"reloader.stakater.com/search\"]",
  ]
  equals = "true"
}

# It works without a search.
unless {
  path = [
    "metadata.annotations[\"reloader.stakater.com/auto\"]",
    "spec.template.metadata.annotations[\"reloader.stakater.com/auto\"]",
  ]
  equals = "true"
}

# What it names is reloaded in any case.
unless {
  path = [
    "metadata.annotations[\"secret.reloader.stakater.com/reload\"]",
    "metadata.annotations[\"configmap.reloader.stakater.com/reload\"]",
  ]
  present = true
}

# Made by a chart, or by hand: what it says of itself is not known.
unless {
  exists {
    in    = "uses"
    match = { by = "{stack} {address}", matched = "undeclared" }
  }
}

require "unmatched" {
  exists {
    in    = "uses"
    match = { by = "{stack} {address}", matched = "true" }
  }
  at = [
    "metadata.annotations[\"reloader.stakater.com/search\"]",
    "spec.template.metadata.annotations[\"reloader.stakater.com/search\"]",
  ]
  underline = "key"
}

case "unmatched" {
  message = "`reloader.stakater.com/search` does nothing: no secret or config map that `{name}` uses has `reloader.stakater.com/match`"
  help    = "write `\"reloader.stakater.com/match\" = \"true\"` into `target.template.metadata.annotations` of the ExternalSecret, or name the secret in `secret.reloader.stakater.com/reload`"
}
