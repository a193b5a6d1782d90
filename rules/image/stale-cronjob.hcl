summary    = "job on an image of our own does not run the newest build"
convention = "B27"
severity   = "info"

select "object" { kinds = ["CronJob"] }

each "container" { path = ["spec.jobTemplate.spec.template.spec.containers", "spec.jobTemplate.spec.template.spec.initContainers"] }

where {
  path = "container.image"
  like = [param.own_images]
}

let "repository" {
  path    = "container.image"
  capture = "^[^:@]+(:[0-9]+/[^:@]+)?"
  default = ""
}

require "pinned" {
  path    = "container.image"
  matches = "^[^:@]+(:[0-9]+/[^:@]+)?(:latest)?$"

  # A digest was written down by somebody who wanted just this build.
  fix {
    safety = "display"
    when {
      path     = "container.image"
      contains = "@"
    }
    replace = "{repository}:latest"
  }

  fix { replace = "{repository}:latest" }
}

forbid "kept" {
  path   = "container.imagePullPolicy"
  one_of = ["IfNotPresent", "Never"]

  fix { replace = "Always" }
}

case "pinned" {
  message = "`{value}` stays as it is: the pipeline rolls deployments, and nothing rolls a job"
  help    = "write `:latest`, which each run pulls"
}

case "kept" {
  message = "with `{value}` each node runs the build that it happened to pull first"
  help    = "write `image_pull_policy = \"Always\"`, or leave it out with the tag `latest`"
}
