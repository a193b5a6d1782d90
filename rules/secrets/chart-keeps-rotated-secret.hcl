summary    = "chart gives its pods a rotated credential, and nothing restarts them when the credential changes"
convention = "B28"
severity   = "error"
facts      = "repo"

select "resource" {
  types = ["helm_release"]
}

let "namespace" {
  path    = "namespace"
  default = "default"
}

each "chart_values" { path = "values[*]" }

# What a chart runs has its values together, and a chart that runs one thing has them at the top.
each "component" { path = ["chart_values", "chart_values[*]"] }

# What a process has in its environment: it is read once.
each "named" {
  path = [
    "component.env[*].valueFrom.secretKeyRef.name",
    "component.extraEnv[*].valueFrom.secretKeyRef.name",
    "component.extraEnvVars[*].valueFrom.secretKeyRef.name",
    "component.envFrom[*].secretRef.name",
    "component.extraEnvFrom[*].secretRef.name",
    "component.envFromSecret",
    "component.envFromSecrets[*].name",
    "component.extraSecretNamesForEnvFrom[*]",
  ]
}

let "store" {
  in      = "reload_targets"
  match   = { of = "Secret", named = "{named}", namespace = "{namespace}" }
  column  = "store"
  default = "none"
}

where {
  text   = "{store}"
  one_of = param.rotating_stores
}

let "matched" {
  in      = "reload_targets"
  match   = { of = "Secret", named = "{named}", namespace = "{namespace}" }
  column  = "matched"
  default = "false"
}

# Which pods an annotation elsewhere in the values is for, the chart knows.
unless {
  certain {
    any {
      all {
        path = [
          "chart_values.**[\"reloader.stakater.com/auto\"]",
          "chart_values.**[\"secret.reloader.stakater.com/auto\"]",
        ]
        equals = "true"
      }
      all {
        path     = "chart_values.**[\"secret.reloader.stakater.com/reload\"]"
        contains = "{named}"
      }
    }
  }
}

require "stale" {
  at      = "named"
  related = { "named" = "the secret is named here" }

  any {
    all {
      path = [
        "component.podAnnotations[\"reloader.stakater.com/auto\"]",
        "component.annotations[\"reloader.stakater.com/auto\"]",
        "component.deploymentAnnotations[\"reloader.stakater.com/auto\"]",
      ]
      equals = "true"
    }
    all {
      path = [
        "component.podAnnotations[\"secret.reloader.stakater.com/reload\"]",
        "component.annotations[\"secret.reloader.stakater.com/reload\"]",
        "component.deploymentAnnotations[\"secret.reloader.stakater.com/reload\"]",
      ]
      contains = "{named}"
    }
    all {
      all {
        path = [
          "component.podAnnotations[\"reloader.stakater.com/search\"]",
          "component.annotations[\"reloader.stakater.com/search\"]",
          "component.deploymentAnnotations[\"reloader.stakater.com/search\"]",
        ]
        equals = "true"
      }
      all {
        text   = "{matched}"
        equals = "true"
      }
    }
  }
}

case "stale" {
  message = "chart `{name}` gives `{named}` to its pods, whose credential is rotated, and nothing restarts them: they keep the old password and fail after the next rotation"
  help    = "write `secret.reloader.stakater.com/reload: {named}` into the chart's annotations; where they say `search`, write `match` into `target.template.metadata.annotations` of the ExternalSecret"
}
