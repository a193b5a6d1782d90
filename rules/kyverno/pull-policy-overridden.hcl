summary    = "pull policy in the code is not the one that Kyverno sets"
convention = "C21"
severity   = "warning"
reads      = ["**/kyverno/**/*.{tf,tf.json}"]

select "resource" { types = ["kubernetes_*"] }

where {
  exists { in = "pull_policies" }
}

each "field" { mutator = "set-image-pull-policy" }

let "list" {
  path    = "field"
  capture = "^(?<value>.*)\\[\\*\\]\\.image_pull_policy$"
}

each "container" { path = "{list}" }

where {
  path    = "container.image_pull_policy"
  present = true
}

unless {
  ignored { field = "{list}[{container_index}].image_pull_policy" }
}

# As the policy has it: a colon is a tag.
require "floating" {
  when {
    any {
      all {
        path    = "container.image"
        matches = ":latest$"
      }
      all {
        path    = "container.image"
        matches = "^[^:]*$"
      }
    }
  }
  path   = "container.image_pull_policy"
  equals = "Always"
}

require "pinned" {
  when {
    all {
      path    = "container.image"
      matches = ":"
    }
    not {
      path    = "container.image"
      matches = ":latest$"
    }
  }
  path   = "container.image_pull_policy"
  equals = "IfNotPresent"
}

case "floating" {
  message = "Kyverno sets `Always` where an image has no tag or `latest`, and each apply of `{name}` sets `{value}` again"
  help    = "write `image_pull_policy = \"Always\"`"
}

case "pinned" {
  message = "Kyverno sets `IfNotPresent` where an image has a tag, and each apply of `{name}` sets `{value}` again"
  help    = "write `image_pull_policy = \"IfNotPresent\"`"
}
