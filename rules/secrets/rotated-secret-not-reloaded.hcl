summary    = "workload uses a rotated credential, and nothing restarts it when the credential changes"
convention = "B28"
severity   = "error"
facts      = "repo"

select "object" {
  kinds = ["Deployment", "StatefulSet", "DaemonSet"]
}

each "store" { texts = [param.rotating_stores] }

where {
  exists {
    in    = "uses"
    match = { by = "{stack} {address}", store = "{store}" }
  }
}

let "secret" {
  in     = "uses"
  match  = { by = "{stack} {address}", store = "{store}", listed = "no" }
  column = "named"
}

require "stale" {
  at        = "metadata.annotations"
  underline = "key"

  any {
    all {
      path = [
        "metadata.annotations[\"reloader.stakater.com/auto\"]",
        "metadata.annotations[\"secret.reloader.stakater.com/auto\"]",
        "spec.template.metadata.annotations[\"reloader.stakater.com/auto\"]",
        "spec.template.metadata.annotations[\"secret.reloader.stakater.com/auto\"]",
      ]
      equals = "true"
    }
    all {
      all {
        path = [
          "metadata.annotations[\"reloader.stakater.com/search\"]",
          "spec.template.metadata.annotations[\"reloader.stakater.com/search\"]",
        ]
        equals = "true"
      }
      not {
        exists {
          in      = "uses"
          match   = { by = "{stack} {address}", store = "{store}" }
          differs = { matched = "true" }
        }
      }
    }
    not {
      exists {
        in    = "uses"
        match = { by = "{stack} {address}", store = "{store}", listed = "no" }
      }
    }
  }

  fix {
    when {
      path    = "metadata.annotations[\"secret.reloader.stakater.com/reload\"]"
      present = false
    }
    set = { "metadata.annotations[\"secret.reloader.stakater.com/reload\"]" = "{secret}" }
  }
}

case "stale" {
  message = "workload `{name}` uses `{secret}`, whose credential is rotated, and nothing restarts it: it keeps the old password and fails after the next rotation"
  help    = "write `annotations = {{ \"secret.reloader.stakater.com/reload\" = \"{secret}\" }}` in its `metadata`"
}
