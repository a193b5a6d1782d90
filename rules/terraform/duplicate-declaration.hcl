summary    = "something is declared twice in one module"
convention = "E11"
severity   = "error"

check "duplicate_declaration" {}

case "duplicate" {
  message = "`{what}` is declared in this module already: Terraform refuses all of it"
  help    = "delete one of them, or give it another name"
}

case "again" {
  message = "`{what}`: this module has a `{first}` block already: Terraform refuses all of it"
  help    = "delete one of them, or make them one"
}
