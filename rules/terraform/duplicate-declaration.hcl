summary    = "something is declared twice in one module or explicit stack"
convention = "E11"
severity   = "error"

check "duplicate_declaration" {
  stacks = param.stack_files
}

case "duplicate" {
  message = "`{what}` is declared in this module already: Terraform refuses all of it"
  help    = "delete one of them, or give it another name"
}

case "again" {
  message = "`{what}`: this module has a `{first}` block already: Terraform refuses all of it"
  help    = "delete one of them, or make them one"
}

case "in_stack" {
  message = "`{what}` is declared in this stack already: Terragrunt refuses all of it"
  help    = "delete one of them, or give it another name"
}

case "same_path" {
  message = "`{what}` is put into `{path}`, and so is `{first}`: Terragrunt refuses the stack"
  help    = "give one of them another `path`"
}
