summary = "code that Terraform would refuse, in any repo"

applies_when {
  file { path = "**/*.{tf,tf.json,tofu,tofu.json}" }
}

params {
  # Files with values that Terraform reads without being told.
  loaded_values = ["**/terraform.tfvars", "**/*.auto.tfvars", "**/terraform.tfvars.json", "**/*.auto.tfvars.json"]

  # What a type of resource calls otherwise than one would think: `TYPE PLACE`, and the name that it has there. And those types.
  misnamed_arguments = {
    "kubernetes_cron_job_v1 spec.time_zone" = "timezone"
  }
  misnamed_types = ["kubernetes_cron_job_v1"]
}
