summary    = "pull secret holds a token that can do more than pull"
convention = "E14"
severity   = "error"
facts      = "stack"

select "text" {
  words   = param.admin_tokens
  matches = param.admin_token_pattern
  zones   = ["code", "string"]
  files   = ["**/*.{tf,tf.json}"]
}

# The local that it stands in, however deep.
let "outer" {
  path    = "keys"
  capture = "^[^.]+"
}

# In the secret itself, in what an ExternalSecret brings into one, or in a local that goes into one.
where {
  any {
    all {
      path     = "keys"
      contains = ".dockerconfigjson"
    }
    all {
      any {
        all {
          path    = "keys"
          matches = "\\.remoteRef\\.property$"
        }
        all {
          text    = "{property}"
          matches = "."
        }
      }
      exists {
        in    = "pull_secret_makers"
        match = { by = "{module} {address}" }
      }
    }
    exists {
      in    = "pull_secret_sources"
      match = { by = "{module} {address} {outer}" }
    }
  }
}

let "pull_token" { text = param.pull_token }

forbid "admin" {
  path   = "token"
  one_of = param.admin_tokens

  fix {
    replace = "{pull_token}"
  }
}

case "admin" {
  message = "`{token}` can do anything its owner can, and this pull secret hands it to every pod of the namespace"
  help    = "write the key of a token that only reads packages, such as `ghcr_pull_token`"
}
