summary    = "external secret reads the password of a database role that nobody declares"
convention = "D03"
severity   = "error"
facts      = "repo"

select "object" {
  kinds = ["ExternalSecret"]
}

each "key" {
  path = ["spec.data[*].remoteRef.key", "spec.dataFrom[*].extract.key"]
}

where {
  path    = "key"
  matches = "(^|/)static-creds/"
}

let "role" {
  path    = "key"
  capture = "static-creds/(?<value>.+)$"
}

let "mount" {
  path    = "key"
  capture = "^.*static-creds/"
}

require "unknown" {
  text = "{role}"
  in   = "static_roles.named"
  at   = "key"

  fix {
    when {
      text    = "{near}"
      present = true
    }
    replace = "{mount}{near}"
  }
}

case "unknown" {
  message = "no database role is named `{role}`: the secret stays empty, and the pod that reads it does not start"
  help    = "declare the role as a `vault_database_secret_backend_static_role`, or write the name of one"
}
