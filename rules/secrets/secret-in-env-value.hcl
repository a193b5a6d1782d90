summary    = "secret is written into the pod's own definition"
convention = "E12"
severity   = "warning"
facts      = "repo"

select "text" {
  files   = ["**/*.{tf,tf.json}"]
  words   = ["env {", "env  ", "env = ", "env\"", "env: ", "env:\n"]
  # Of a `dynamic` block the values that its variables are made of count, where they become the `value`.
  matches = "(?:\\bdynamic\\s+\"env\"\\s*\\{\\s*(?<loop>for_each)\\s*=[^\\n]*?|\\bname\"?\\s*[=:]\\s*\"?(?<called>\\w+)\"?,?\\s+\"?value\"?\\s*[=:][^\\n]*?)?\\b(?<at>(?<root>var|local|module|each|data|random_(?:password|bytes|string|id|uuid)|tls_private_key|kubernetes_secret(?:_v1)?)\\.(?<ref>[A-Za-z0-9_-]+))(?<rest>(?:\\[[^\\[\\]\\n]*\\])?(?:\\.(?<part>\\w+))?)(?<head>(?:\\[[^\\[\\]\\n]*\\])?\\.metadata\\b)?(?<made>[^{}]*\\bcontent\\s*\\{[^{}]*\\bvalue\\s*=[^\\n]*\\benv\\.value\\b)?"
  zones   = ["code", "string"]
}

# In what runs for long or again and again.
where {
  any {
    all {
      text    = "{keys}"
      matches = "^value(?:\\.|$)|\\.value$|\\.env\\.value\\."
    }
    # In YAML, by the variable in front of it.
    all {
      all {
        text   = "{keys}"
        equals = "yaml_body"
      }
      exists {
        in    = "env_values"
        match = { module = "{module}", address = "{address}", named = "{called}" }
      }
    }
    all {
      text    = "{loop}{made}"
      matches = "(?s)^for_each."
    }
    # What it goes through, written out between braces.
    all {
      all {
        text    = "{keys}"
        matches = "(?:^|\\.)for_each\\.."
      }
      exists {
        in       = "env_loops"
        match    = { file = "{file}", address = "{address}" }
        contains = { over = "{root}.{ref}", keys = "{key}" }
      }
    }
  }
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
        matches = "\\.(?:containers|initContainers)\\.env\\.value(?:\\.|$)|^yaml_body$"
      }
    }
  }
}

# What a secret is called.
unless {
  text    = "{head}"
  matches = "."
}

# Marked as sensitive, and no secret.
unless {
  text = "sensitive.var.{ref}"
  like = param.sensitive_names
}

where {
  any {
    exists {
      in    = "secret_names"
      match = { place = "{module}", root = "{root}", named = "{ref}" }
    }
    # One attribute of several.
    all {
      all {
        text   = "{root}"
        equals = "var"
      }
      all {
        text = "var.{ref}.{part}"
        like = param.secret_variables
      }
    }
    # What a module makes, and what is repeated over.
    all {
      all {
        text   = "{root}"
        one_of = ["module", "each"]
      }
      exists {
        in    = "env_secrets"
        match = { module = "{module}", address = "{address}", named = "{called}" }
      }
    }
    all {
      all {
        text   = "{root}"
        equals = "data"
      }
      all {
        text = "{root}.{ref}."
        like = param.secret_values
      }
    }
    all {
      text    = "{root}{rest}"
      matches = "^(?:kubernetes_secret(?:_v1)?(?:\\[.*\\])?\\.(?:binary_)?data|random_password(?:\\[.*\\])?\\.(?:result|bcrypt_hash)|random_bytes(?:\\[.*\\])?\\.(?:base64|hex)|tls_private_key(?:\\[.*\\])?\\.private_key_\\w+)$"
    }
    # What is no secret for whoever makes it, and is used as one.
    all {
      all {
        text    = "{root}{rest}"
        matches = "^random_(?:string|id|uuid)(?:\\[.*\\])?\\.(?:result|hex|dec|b64_std|b64_url|id)$"
      }
      any {
        all {
          text = "var.{ref}"
          like = param.secret_variables
        }
        all {
          text    = "{called}"
          matches = "(?:${param.credential_key}|SECRET|SECRET_KEY_BASE|APP_KEY|ENCRYPTION_KEY|PEPPERS?)$"
        }
      }
    }
  }
}

# Asked about, counted, hashed; or another attribute of what holds a secret too.
unless {
  all {
    all {
      text   = "{root}"
      one_of = ["var", "local", "data"]
    }
    not {
      text   = "{keys}"
      equals = "yaml_body"
    }
    exists {
      in    = "env_values"
      match = { module = "{module}", address = "{address}", named = "{called}" }
    }
    not {
      exists {
        in    = "env_secrets"
        match = { module = "{module}", address = "{address}", named = "{called}" }
      }
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
