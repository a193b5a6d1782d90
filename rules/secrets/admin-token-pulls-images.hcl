summary    = "pull secret holds a token that can do more than pull"
convention = "E14"
severity   = "error"

select "text" {
  words   = param.admin_tokens
  matches = param.admin_token_pattern
  zones   = ["code", "string"]
  files   = ["**/*.{tf,tf.json}"]
}

where {
  path     = "keys"
  contains = ".dockerconfigjson"
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
