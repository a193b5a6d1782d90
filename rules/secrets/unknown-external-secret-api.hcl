summary    = "external secret is written in a version of its API that the cluster does not serve"
convention = "B29"
severity   = "error"

select "object" {
  kinds = ["ExternalSecret", "ClusterExternalSecret", "SecretStore", "ClusterSecretStore"]
  api   = ["external-secrets.io/*"]
}

let "served" { text = param.external_secrets_api }

require "version" {
  path   = "apiVersion"
  equals = param.external_secrets_api
}

case "version" {
  message = "`{value}` is not served any more: every apply that has `{name}` in it fails while it plans"
  help    = "write `{served}`"
}
