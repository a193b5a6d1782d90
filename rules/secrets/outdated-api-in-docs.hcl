summary    = "documentation shows external secrets in a version that the cluster does not serve"
convention = "B29"
severity   = "warning"

select "text" {
  files   = ["**/*.md"]
  words   = ["external-secrets.io/"]
  matches = "(?m)^ *apiVersion *[:=] *\"?(?<at>(?<shown>external-secrets\\.io/v[0-9a-z]+))"
  zones   = ["prose", "code", "string"]
}

# What is told about the past.
unless {
  text = "{file}"
  like = param.history_files
}

let "served" { text = param.external_secrets_api }

require "outdated" {
  text   = "{shown}"
  equals = "{served}"

  fix {
    safety  = "safe"
    replace = "{served}"
  }
}

case "outdated" {
  message = "`{shown}` is not served any more: whoever copies this example gets a stack that cannot be planned"
  help    = "write `{served}`"
}
