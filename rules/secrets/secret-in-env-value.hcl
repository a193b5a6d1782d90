summary    = "secret is written into the pod's own definition"
convention = "E12"
severity   = "warning"
facts      = "repo"

select "text" {
  files   = ["**/*.{tf,tf.json}"]
  words   = ["env {", "env  ", "env = ", "env\"", "env: "]
  matches = "\\b(?<at>(?<root>var|local|data)\\.(?<ref>[A-Za-z0-9_-]+))"
  zones   = ["code", "string"]
}

# The `value` of an environment variable, in what runs for long or again and again.
where {
  text   = "{key}"
  equals = "value"
}

where {
  any {
    all {
      text    = "{address}"
      matches = "(?:^|\\.)kubernetes_(?:deployment|stateful_set|daemonset|daemon_set|cron_job)(?:_v1)?\\."
    }
    all {
      all {
        text    = "{address}"
        matches = "(?:^|\\.)(?:kubernetes|kubectl)_manifest\\."
      }
      all {
        text    = "{keys}"
        matches = "\\.(?:containers|initContainers)\\.env\\.value$"
      }
    }
  }
}

# Marked as sensitive, and no secret.
unless {
  text = "{ref}"
  like = param.sensitive_names
}

where {
  any {
    exists {
      in    = "secret_names"
      match = { place = "{module}", root = "{root}", named = "{ref}" }
    }
    all {
      text = "{root}.{ref}"
      like = ["data.kubernetes_secret", "data.kubernetes_secret_v1", "data.vault_*"]
    }
  }
}

forbid "plain" {
  text    = "{ref}"
  matches = "."
}

case "plain" {
  message = "the value of a secret becomes part of the pod's definition: who may list pods reads it, and it stays the old one when the secret changes"
  help    = "write `value_from {{ secret_key_ref {{ name = …, key = … }} }}`, with a secret that an ExternalSecret makes"
}
