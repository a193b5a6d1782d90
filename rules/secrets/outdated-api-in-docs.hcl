summary    = "documentation shows external secrets in a version that the cluster does not serve"
convention = "B29"
severity   = "warning"
facts      = "repo"

select "text" {
  files   = ["**/*.md"]
  # What is told about the past.
  except  = param.history_files
  words   = ["external-secrets.io/"]
  matches = "(?m)^ *apiVersion *[:=] *\"?(?<at>(?<shown>external-secrets\\.io/v[0-9a-z]+))"
  zones   = ["prose", "code", "string"]
}

# The best of those that are served.
let "served" {
  in      = "served_apis"
  column  = "api"
  default = ""
}

require "outdated" {
  text = "{shown}"
  in   = "served_apis.api"

  fix {
    safety  = "safe"
    replace = "{served}"
  }
}

case "outdated" {
  message = "`{shown}` is not served by the operator that is installed: whoever copies this example gets a stack that cannot be planned"
  help    = "write `{served}`"
}
