summary    = "image of a workload that Keel updates is tracked by Terraform too"
convention = "B06"
severity   = "error"
facts      = "repo"

select "selector" { of = "updated" }

each "field" { mutator = "keel-image" }

let "list" {
  path    = "field"
  capture = "^(?<value>.*)\\[\\*\\]\\.image$"
}

let "blocks" {
  path    = "list"
  capture = "(?<value>[a-z_]+)$"
}

each "container" { path = "spec.template.spec[\"{blocks}\"]" }

# A digest has no tag to poll, and Keel's parser skips four numbers.
unless {
  path    = "container.image"
  matches = param.unmoved_images
}

# Somebody has thought of it, and says so where it is missed.
unless {
  not {
    ignored { field = "{list}[{container_index}].image" }
  }
  comment {
    path    = "lifecycle"
    on      = ["inside"]
    matches = "(?i){blocks}\\[{container_index}\\]\\.image\\b.*\\b(?:deliberately|on purpose|intentionally)\\b"
  }
}

require "tracked" {
  ignored { field = "{list}[{container_index}].image" }
  at      = "container.image"
  related = { enrolment = "Keel updates what runs in this namespace" }

  # In a namespace that Keel leaves alone, nobody would own the image any more.
  fix {
    when {
      not {
        exists {
          in    = "passed_by"
          match = { at = "{module} {address}" }
        }
      }
    }
    ignore = "{list}[{container_index}].image"
  }

  fix {
    safety = "display"
    ignore = "{list}[{container_index}].image"
  }
}

case "tracked" {
  severity = "warning"
  when {
    path   = "blocks"
    equals = "init_container"
  }
  message = "Keel and Terraform both own `{blocks}[{container_index}].image` of `{name}`: an apply puts the older image back"
  help    = "add `{list}[{container_index}].image, # {field_marker}` to `ignore_changes`, or opt out with the annotation `\"keel.sh/policy\" = \"never\"`"
}

# The order of the live containers may differ: an ignored index then crosses images.
case "tracked" {
  when {
    path    = "spec.template.spec.container[1]"
    present = true
  }
  message = "Keel and Terraform both own `{blocks}[{container_index}].image` of `{name}`: an apply puts the older image back"
  help    = "add `{list}[{container_index}].image, # {field_marker}` to `ignore_changes`, with the index that this container has in the live pod, or opt out with the annotation `\"keel.sh/policy\" = \"never\"`"
}

case "tracked" {
  message = "Keel and Terraform both own `{blocks}[{container_index}].image` of `{name}`: an apply puts the older image back"
  help    = "add `{list}[{container_index}].image, # {field_marker}` to `ignore_changes`, or opt out with the annotation `\"keel.sh/policy\" = \"never\"`"
}
