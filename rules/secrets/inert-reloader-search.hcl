summary    = "workload waits for the reloader to search, and nothing it uses can be found"
convention = "D08"
severity   = "warning"

select "object" {
  kinds = ["Deployment", "StatefulSet", "DaemonSet"]
}

where {
  any {
    all {
      path   = "metadata.annotations[\"reloader.stakater.com/search\"]"
      equals = "true"
    }
    all {
      path   = "spec.template.metadata.annotations[\"reloader.stakater.com/search\"]"
      equals = "true"
    }
  }
}

# It works without a search.
unless {
  any {
    all {
      path   = "metadata.annotations[\"reloader.stakater.com/auto\"]"
      equals = "true"
    }
    all {
      path   = "spec.template.metadata.annotations[\"reloader.stakater.com/auto\"]"
      equals = "true"
    }
  }
}

# Made by a chart, or by hand: what it says of itself is not known.
unless {
  exists {
    in    = "uses"
    match = { by = "{stack} {address}", matched = "undeclared" }
  }
}

require "unmatched" {
  when {
    path   = "metadata.annotations[\"reloader.stakater.com/search\"]"
    equals = "true"
  }
  exists {
    in    = "uses"
    match = { by = "{stack} {address}", matched = "true" }
  }
  at        = "metadata.annotations[\"reloader.stakater.com/search\"]"
  underline = "key"
}

# The reloader reads the pod's annotations where the workload has none of its own.
require "unmatched" {
  when {
    path    = "metadata.annotations[\"reloader.stakater.com/search\"]"
    present = false
  }
  exists {
    in    = "uses"
    match = { by = "{stack} {address}", matched = "true" }
  }
  at        = "spec.template.metadata.annotations[\"reloader.stakater.com/search\"]"
  underline = "key"
}

case "unmatched" {
  message = "`reloader.stakater.com/search` does nothing: no secret or config map that `{name}` uses has `reloader.stakater.com/match`"
  help    = "write `\"reloader.stakater.com/match\" = \"true\"` into `target.template.metadata.annotations` of the ExternalSecret, or name the secret in `secret.reloader.stakater.com/reload`"
}
