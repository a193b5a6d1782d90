@remark@
terraform {
  extra_arguments "variables" {
    commands           = get_terraform_commands_that_need_vars()
    required_var_files = ["${get_repo_root()}/config.tfvars"]
  }
}

generate "backend" {
  path      = "backend.tf"
  if_exists = "overwrite"
  contents  = <<-EOF
    terraform {
      backend "local" {
        path = "${get_repo_root()}/state/${path_relative_to_include()}/terraform.tfstate"
      }
    }
  EOF
}

generate "tiers" {
  path      = "tiers.tf"
  if_exists = "overwrite"
  contents  = <<-EOF
    locals {
      tiers = {
        core = "0-core"
        edge = "3-edge"
      }
    }
  EOF
}
