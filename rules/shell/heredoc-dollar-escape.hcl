summary    = "`$$NAME` reaches a shell, which reads its own process id"
convention = "B33"
severity   = "error"

check "double_dollar" {}

case "literal" {
  message = "Terraform leaves `{found}` as it is, and the shell reads its process id and then text"
  help    = "write `{wanted}`: only `$$${{` is an escape in Terraform, and only a container's `command` and `args` turn `$$` into `$`"
}
