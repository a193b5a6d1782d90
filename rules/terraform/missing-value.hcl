summary    = "explicit stack of Terragrunt does not give a value that what it makes reads"
convention = "E11"
severity   = "error"
facts      = "repo"

check "missing_value" {
  files = param.made_files
}

case "missing" {
  message = "`{maker}` gives no `{value}`, which `{file}` reads: Terragrunt fails"
  help    = "add `{value} = …` to its `values`, or read it as `try(values.{value}, …)`"
}

case "nowhere" {
  message = "none of the stacks that make this {what} gives `{value}`: Terragrunt fails"
  help    = "read what they give{nearest}, or add it to their `values`"
}
