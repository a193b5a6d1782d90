summary    = "rotated credential is read when Terraform plans, and stays as it was then"
convention = "B28"
severity   = "warning"
facts      = "repo"

select "data" { types = ["kubernetes_secret", "kubernetes_secret_v1"] }

let "named" { path = "metadata.name" }

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

each "store" { texts = [param.rotating_stores] }

forbid "frozen" {
  exists {
    in    = "reload_targets"
    match = { of = "Secret", named = "{named}", namespace = "{namespace}", store = "{store}" }
  }
  underline = "subject"
}

case "frozen" {
  message = "`{named}` holds a credential that is rotated: whatever is made of it here has the old one after the next rotation, until the next apply"
  help    = "let what needs it read the secret when it runs (`secret_key_ref`, `env_from`, a volume); in another namespace it needs an `ExternalSecret` there"
}
