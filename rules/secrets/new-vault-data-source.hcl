summary    = "stack reads Vault while it is planned"
convention = "E13"
severity   = "info"
added      = "warning"

select "data" {
  types = ["vault_kv_secret_v2", "vault_kv_secret", "vault_generic_secret"]
}

let "secret" {
  path    = ["name", "path"]
  default = "a secret"
}

require "read" {
  comment {
    on      = ["above", "inside"]
    matches = "\\w{3}"
  }
}

# The older ones have one path for both.
require "mount" {
  derive = false
  when {
    text   = "{kind}"
    equals = "vault_kv_secret_v2"
  }
  path   = "mount"
  equals = param.vault_mount
}

require "name" {
  derive = false
  when {
    text   = "{kind}"
    equals = "vault_kv_secret_v2"
  }
  path   = "name"
  one_of = [param.vault_names, "{stack}"]
}

case "read" {
  message = "stack `{stack}` reads `{secret}` from Vault while it is planned: without Vault there is no plan, and the value goes into the state"
  help    = "let an ExternalSecret bring it into the cluster, and read `data \"kubernetes_secret\"`; or write above the block why not"
}

case "mount" {
  message = "`{value}` is not where secrets are"
  help    = "write `mount = \"secret\"`"
}

case "name" {
  message = "stack `{stack}` reads `{value}`, which is neither shared nor named after the stack: whoever changes it does not look here"
  help    = "read a secret that has the stack's name, or one of the shared ones"
}
