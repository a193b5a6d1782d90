summary    = "external secret asks a store that nobody declares"
convention = "B29"
severity   = "error"
facts      = "repo"

select "object" {
  kinds = ["ExternalSecret", "ClusterExternalSecret"]
  api   = ["external-secrets.io/*"]
}

# Of the two kinds, one has it all a step deeper. Each source may name a store of its own.
require "unknown" {
  path = [
    "spec.secretStoreRef.name",
    "spec.externalSecretSpec.secretStoreRef.name",
  ]
  every = true
  in    = "secret_stores.named"
}

require "none" {
  derive = false
  path = [
    "spec.secretStoreRef.name",
    "spec.data[*].sourceRef",
    "spec.dataFrom[*].sourceRef",
    "spec.externalSecretSpec.secretStoreRef.name",
    "spec.externalSecretSpec.data[*].sourceRef",
    "spec.externalSecretSpec.dataFrom[*].sourceRef",
  ]
  present = true
}

case "unknown" {
  message = "no secret store is named `{value}`: the secret stays empty, and so does everything that waits for it"
  help    = "write the name of a store that the repo declares"
}

case "none" {
  message = "`{name}` has no `secretStoreRef`: nothing says which store it is read from, it stays empty, and so does everything that waits for it"
  help    = "write `secretStoreRef` into its `spec`, with the name and the kind of a store that the repo declares"
}
