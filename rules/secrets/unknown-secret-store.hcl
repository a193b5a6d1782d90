summary    = "external secret asks a store that nobody declares"
convention = "B29"
severity   = "error"

select "object" {
  kinds = ["ExternalSecret", "ClusterExternalSecret"]
  api   = ["external-secrets.io/*"]
}

require "unknown" {
  path = "spec.secretStoreRef.name"
  in   = "secret_stores.named"
}

case "unknown" {
  message = "no secret store is named `{value}`: `{name}` stays empty, and so does everything that waits for it"
  help    = "write the name of a store that the repo declares"
}
