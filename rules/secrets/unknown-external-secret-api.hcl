summary    = "external secret is written in a version of its API that the cluster does not serve"
convention = "B29"
severity   = "error"
facts      = "repo"

select "object" {
  kinds = ["ExternalSecret", "ClusterExternalSecret", "SecretStore", "ClusterSecretStore"]
  api   = ["external-secrets.io/*"]
}

# The best of those that are.
let "served" {
  in      = "served_apis"
  column  = "api"
  default = ""
}

require "version" {
  path = "apiVersion"
  in   = "served_apis.api"

  fix { replace = "{served}" }
}

case "version" {
  message = "`{value}` is not served by the operator that is installed: no stack that has this in it can be planned"
  help    = "write `{served}`"
}
