summary  = "directory of a stack has no `terragrunt.hcl`, and nothing ever applies it"
severity = "error"
facts    = "repo"

check "missing_sibling" {
  code = param.unit_code
  name = param.unit_file
  many = param.unit_many
}

case "missing" {
  message = "`{dir}` has no `terragrunt.hcl`, as every other stack has: what is written here is never applied"
  help    = "add a `terragrunt.hcl` that includes the root's"
}
