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
  # a dot leads to a key of a map
  user_data = [
    "user_data", "user_data_base64", "custom_data", "metadata_startup_script",
    "metadata.startup-script", "metadata.user-data", "metadata.user_data",
  ]
  # what a container runs when it starts and stops, without Kubernetes in between
  hooks = ["post_start", "pre_stop"]
  # what the text is given to before the machine gets it
  encoders = ["base64encode", "base64gzip", "textencodebase64"]
}

case "literal" {
  message = "Terraform leaves `{found}` as it is, and the shell reads its process id and then text"
  help    = "write `{wanted}`: only `$$${{` is an escape in Terraform, and only a container's `command` and `args` turn `$$` into `$`"
}
