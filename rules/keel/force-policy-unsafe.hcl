summary    = "`force` lets Keel pick any tag of the repository, for any container of the pod"
convention = "C14"
severity   = "error"

select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet"] }

where {
  path   = "metadata.annotations[\"keel.sh/policy\"]"
  equals = "force"
}

# Only one container that follows its own tag has no sibling to swap images with.
forbid "siblings" {
  at      = "metadata.annotations[\"keel.sh/policy\"]"
  path    = ["spec.template.spec.containers[1]", "spec.template.spec.initContainers"]
  present = true

  fix {
    when {
      path    = ["spec.template.spec.containers.image", "spec.template.spec.initContainers.image"]
      every   = true
      matches = ":v?[0-9]+\\.[0-9]"
    }
    replace = "patch"
  }

  # An image without a version would get no updates any more.
  fix {
    safety  = "display"
    replace = "patch"
  }
}

require "foreign" {
  when {
    path    = "spec.template.spec.containers[1]"
    present = false
  }
  at    = "metadata.annotations[\"keel.sh/policy\"]"
  path  = "spec.template.spec.containers.image"
  every = true
  like  = param.owned_images

  fix {
    when {
      path    = "spec.template.spec.containers.image"
      every   = true
      matches = ":v?[0-9]+\\.[0-9]"
    }
    replace = "patch"
  }

  fix {
    safety  = "display"
    replace = "patch"
  }
}

require "any_tag" {
  at     = "metadata.annotations[\"keel.sh/policy\"]"
  path   = "metadata.annotations[\"keel.sh/match-tag\"]"
  equals = "true"

  fix {
    when {
      path    = ["spec.template.spec.containers.image", "spec.template.spec.initContainers.image"]
      every   = true
      matches = ":v?[0-9]+\\.[0-9]"
    }
    replace = "patch"
  }

  # One that follows its own tag still gets its updates.
  fix {
    when {
      all {
        path    = ["spec.template.spec.containers[1]", "spec.template.spec.initContainers"]
        present = false
      }
      all {
        path  = "spec.template.spec.containers.image"
        every = true
        like  = param.owned_images
      }
    }
    set = { "metadata.annotations[\"keel.sh/match-tag\"]" = "true" }
  }

  fix {
    safety  = "display"
    replace = "patch"
  }
}

case "siblings" {
  message = "policy `force` on `{name}`, a pod of several containers: Keel can swap their images"
  help    = "write `\"keel.sh/policy\" = \"patch\"`, or `never` and let a pipeline set the images"
}

case "foreign" {
  message = "policy `force` on `{name}`, whose image somebody else publishes: Keel takes any tag that appears there"
  help    = "write `\"keel.sh/policy\" = \"patch\"`"
}

case "any_tag" {
  message = "policy `force` on `{name}` without `match-tag`: Keel takes the newest tag of the repository, even an older version"
  help    = "add `\"keel.sh/match-tag\" = \"true\"`, or write `\"keel.sh/policy\" = \"patch\"`"
}
