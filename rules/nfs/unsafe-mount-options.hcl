summary    = "NFS volume is mounted in a way that hangs when the server is away"
convention = "B12"
severity   = "error"

select "object" {
  kinds = ["PersistentVolume", "StorageClass"]
}

let "driver" {
  path = [
    "spec.csi.driver",
    "spec.persistent_volume_source.csi.driver",
    "provisioner",
    "storage_provisioner",
  ]
}

where {
  any {
    all {
      path   = "driver"
      equals = param.driver
    }
    # Kubernetes mounts these itself: of their options only `hard` is told.
    all {
      path    = ["spec.nfs", "spec.persistent_volume_source.nfs"]
      present = true
    }
  }
}

each "option" { texts = [param.mount_options] }

# Of a volume they are in its `spec`, of a storage class beside its provisioner.
require "none" {
  when {
    path   = "driver"
    equals = param.driver
  }
  path    = ["spec.mountOptions", "mountOptions"]
  present = true
}

require "missing" {
  when {
    path   = "driver"
    equals = param.driver
  }
  when {
    path    = ["spec.mountOptions", "mountOptions"]
    present = true
    # Of `hard` it is said what stands in its place.
    not {
      path    = ["spec.mountOptions[*]", "mountOptions[*]"]
      matches = "(?:^|,) *hard *(?:,|$)"
      all {
        text   = "{option}"
        equals = "soft"
      }
    }
  }
  # Several may stand in one text, as on the command line; `4.2` is a version 4.
  path    = ["spec.mountOptions[*]", "mountOptions[*]"]
  matches = "(?:^|,) *{option}(?:\\.\\d+)? *(?:,|$)"
  at      = ["spec.mountOptions", "mountOptions"]

  fix {
    when {
      path    = "spec.mountOptions"
      present = true
    }
    append = { "spec.mountOptions" = "{option}" }
  }

  fix {
    append = { "mountOptions" = "{option}" }
  }
}

forbid "hard" {
  path    = ["spec.mountOptions[*]", "mountOptions[*]"]
  matches = "(?:^|,) *hard *(?:,|$)"

  # Beside a `soft` that is there it is to be deleted, and not to be said twice.
  fix {
    when {
      path   = "value"
      equals = "hard"
      not {
        path    = ["spec.mountOptions[*]", "mountOptions[*]"]
        matches = "(?:^|,) *soft *(?:,|$)"
      }
    }
    replace = "soft"
  }
}

case "none" {
  message = "`{name}` mounts NFS without options: processes hang when the server is away, instead of failing soon"
  help    = "write the mount options that the other volumes have"
}

case "missing" {
  message = "`{name}` mounts NFS without `{option}`, one of the options with which a server that is away is an error and not a hang"
  help    = "add `\"{option}\"` to the mount options"
}

case "hard" {
  message = "`hard` makes a process sleep where no signal reaches it when the server is away"
  help    = "write `soft` in its place, once"
}
