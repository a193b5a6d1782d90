summary    = "version of a database server can change without a decision"
convention = "B20"
severity   = "error"
facts      = "repo"

select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet", "Cluster"] }

let "keel" { text = param.keel_annotation }

let "never" { text = param.keel_never }

let "watch" { text = param.watch_annotation }

# An operator of PostgreSQL makes the pods of its clusters.
each "written" { path = ["spec.template.spec.containers.image", "spec.imageName"] }

each "image" { possible = "written" }

let "server" {
  path    = "image"
  capture = "(^|/)(?<value>[^/:@]+)(:[^/@]*)?(@.*)?$"
}

where {
  path   = "server"
  one_of = param.servers
}

require "floating" {
  any {
    # A digest, or a version down to the patch.
    all {
      path    = "image"
      matches = "@sha256:|:[^/]*[0-9]+\\.[0-9]+\\.[0-9]+"
    }
    # Versions of PostgreSQL have two parts. Behind the version there may be that of the system below it.
    all {
      path    = "image"
      matches = "(^|/)postgres(ql)?:v?[0-9]+\\.[0-9]+"
    }
  }
  at = "image"
}

require "upgraded" {
  when {
    exists { in = "keel.setup" }
    # Its pods are the operator's.
    not {
      text   = "{kind}"
      equals = "Cluster"
    }
  }
  any {
    all {
      path   = "metadata.annotations[\"{keel}\"]"
      equals = param.keel_never
    }
    all {
      path   = "metadata.labels[\"app.kubernetes.io/managed-by\"]"
      one_of = param.other_owners
    }
  }
  at = "image"

  # What Terraform ignores does not come to be.
  fix {
    title    = "set `{keel}` to `{never}`"
    set      = { "metadata.annotations[\"{keel}\"]" = "{never}" }
    unignore = "metadata[0].annotations[\"{keel}\"]"
  }
}

forbid "watched" {
  path   = "spec.template.metadata.annotations[\"{watch}\"]"
  equals = true

  fix {
    set = { "spec.template.metadata.annotations[\"{watch}\"]" = "false" }
  }
}

case "floating" {
  message = "`{value}` is no exact version: the pod can come back with another server on the same data, which older ones cannot read"
  help    = "write the version that runs now, down to the patch, or the digest"
}

case "upgraded" {
  message = "this `{server}` server does not opt out of Keel, whose upgrades take its data along"
  help    = "set `\"{keel}\" = \"{never}\"` in the workload's `metadata.annotations`"
}

case "watched" {
  message = "`{watch}` feeds this `{server}` server to the automatic upgrades"
  help    = "write `\"{watch}\" = \"false\"`"
}
