summary    = "workload waits for the reloader to search, and nothing it uses can be found"
convention = "D08"
severity   = "warning"
facts      = "repo"

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

let "by" { text = "{stack} {address}" }

unknown {
  because = "nothing in the repo declares some of what `{name}` uses: whether it is marked is not known"
  exists {
    in    = "uses"
    match = { by = "{by}", matched = "undeclared" }
  }
  not {
    exists {
      in    = "uses"
      match = { by = "{by}", matched = "true" }
    }
  }
}

# The secret that it uses, and what makes it.
let "used" {
  in     = "uses"
  match  = { by = "{by}", of = "Secret" }
  column = "named"
}

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

let "target" {
  in     = "reload_targets"
  match  = { of = "Secret", named = "{used}", namespace = "{namespace}" }
  column = "target"
}

require "unmatched" {
  exists {
    in    = "uses"
    match = { by = "{by}", matched = "true" }
  }
  at = [
    "metadata.annotations[\"reloader.stakater.com/search\"]",
    "spec.template.metadata.annotations[\"reloader.stakater.com/search\"]",
  ]
  underline = "key"

  # Of several, which of them it waits for is not known.
  fix {
    when {
      all {
        path    = "target"
        present = true
      }
      not {
        exists {
          in      = "uses"
          match   = { by = "{by}" }
          differs = { named = "{used}" }
        }
      }
    }
    set = { "target.template.metadata.annotations[\"reloader.stakater.com/match\"]" = "true" }
  }
}

case "unmatched" {
  message = "`reloader.stakater.com/search` does nothing: no secret or config map that `{name}` uses has `reloader.stakater.com/match`"
  help    = "write `\"reloader.stakater.com/match\" = \"true\"` into `target.template.metadata.annotations` of the ExternalSecret, or name the secret in `secret.reloader.stakater.com/reload`"
}
