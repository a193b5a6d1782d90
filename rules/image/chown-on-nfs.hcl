summary    = "container changes the owner of every file on a network volume when it starts"
convention = "B22"
severity   = "warning"
facts      = "stack"

select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet"] }

each "container" { path = "spec.template.spec.containers" }

where {
  path = "container.image"
  like = [param.chowning_images]
}

let "of_container" { text = "{module} {address} {container_index}" }

# What nobody calls is not gathered: there the pod's volumes must do.
where {
  any {
    exists {
      in    = "nfs_mounts"
      match = { of_container = "{of_container}" }
    }
    all {
      all {
        text   = "{live}"
        equals = "false"
      }
      any {
        all {
          path    = "spec.template.spec.volumes.nfs"
          present = true
        }
        all {
          path = "spec.template.spec.volumes.persistentVolumeClaim.claimName"
          in   = "nfs_claims.named"
        }
        # The module that makes volumes is called by what runs, and what it makes for others is not gathered.
        all {
          path = "spec.template.spec.volumes.persistentVolumeClaim.claimName"
          in   = "nfs.volumes.named"
        }
      }
    }
  }
}

let "variable" { text = param.no_chown_variable }

require "chowns" {
  exists {
    in    = "not_chowning"
    match = { of_container = "{of_container}" }
  }
  at = "container.image"

  # What nobody calls is not gathered, and stays as it is.
  fix {
    when {
      all {
        text   = "{live}"
        equals = "true"
      }
      not {
        path   = "container.env.name"
        equals = "{variable}"
      }
    }
    insert = {
      "container" = <<-EOT
        env {{
          name  = "{variable}"
          value = "true"
        }}
      EOT
    }
  }
}

case "chowns" {
  message = "the image changes the owner of files when it starts, and this pod mounts a network volume: with many files a start takes minutes"
  help    = "add `env {{ name = \"{variable}\", value = \"true\" }}`, an argument on each line"
}
