summary    = "`$$NAME` reaches a shell, which reads its own process id"
convention = "B33"
severity   = "error"

check "double_dollar" {
  resources = [
    "kubernetes_config_map", "kubernetes_config_map_v1", "kubernetes_config_map_v1_data",
    "kubernetes_secret", "kubernetes_secret_v1", "kubernetes_secret_v1_data",
  ]
  objects   = ["ConfigMap", "Secret"]
  files     = ["data", "stringData"]
  user_data = ["user_data", "custom_data", "metadata_startup_script"]
}

case "literal" {
  message = "Terraform leaves `{found}` as it is, and the shell reads its process id and then text"
  help    = "write `{wanted}`: only `$$${{` is an escape in Terraform, and only a container's `command` and `args` turn `$$` into `$`"
}
