summary    = "class that a chart makes mounts NFS in a way that hangs when the server is away"
convention = "B12"
severity   = "error"

select "resource" { types = ["helm_release"] }

where {
  path = "chart"
  like = param.nfs_charts
}

# What has the server and the options: the class, or what all of the chart's volumes have.
each "class" { path = ["values[*].storageClass", "values[*].storageClasses[*]", "values[*].nfs"] }

where {
  path    = ["class.parameters.server", "class.server"]
  present = true
}

unless {
  path   = "class.create"
  equals = false
}

each "option" { texts = [param.mount_options] }

require "none" {
  path    = "class.mountOptions"
  present = true
  at      = "class"
}

require "missing" {
  when {
    path    = "class.mountOptions"
    present = true
    # Of `hard` it is said what stands in its place.
    not {
      path    = "class.mountOptions[*]"
      matches = "(?:^|,) *hard *(?:,|$)"
      all {
        text   = "{option}"
        equals = "soft"
      }
    }
  }
  path    = "class.mountOptions[*]"
  matches = "(?:^|,) *{option}(?:\\.\\d+)? *(?:,|$)"
  at      = "class.mountOptions"
}

forbid "hard" {
  path    = "class.mountOptions[*]"
  matches = "(?:^|,) *hard *(?:,|$)"

  # Beside a `soft` that is there it is to be deleted, and not to be said twice.
  fix {
    when {
      path   = "value"
      equals = "hard"
      not {
        path    = "class.mountOptions[*]"
        matches = "(?:^|,) *soft *(?:,|$)"
      }
    }
    replace = "soft"
  }
}

case "none" {
  message = "release `{name}` makes a class that mounts NFS without options: processes hang when the server is away, instead of failing soon"
  help    = "write the options that the other volumes have as `mountOptions`"
}

case "missing" {
  message = "release `{name}` makes a class that mounts NFS without `{option}`, one of the options with which a server that is away is an error and not a hang"
  help    = "add `\"{option}\"` to `mountOptions`"
}

case "hard" {
  message = "`hard` makes a process sleep where no signal reaches it when the server is away"
  help    = "write `soft` in its place, once"
}
