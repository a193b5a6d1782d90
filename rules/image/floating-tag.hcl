summary    = "image of somebody else is pulled without a version"
convention = "D10"
severity   = "warning"
facts      = "stack"
yields_to  = ["image/decommissioned-registry", "image/frozen-registry"]

select "image" { roles = ["container", "init_container"] }

each "image" { possible = "" }

unless {
  path = "image"
  like = [param.own_images, param.floating_images]
}

let "declared_at" { text = "{module} {address}" }

forbid "floating" {
  path    = "image"
  matches = "^[^:@]+(:[0-9]+/[^:@]+)?(:(?:${param.moving_tags}))?$"
}

case "floating" {
  message = "`{value}` is whatever its publisher pushed last: a restart may run other code, and there is no version to go back to"
  help    = "write the version that runs now as the tag, or its digest"
}

case "floating" {
  severity = "info"
  when {
    exists {
      in    = "watched_workloads"
      match = { declared_at = "{declared_at}" }
    }
  }
  message = "`{value}` floats, and its tag is watched: a restart may run other code"
  help    = "write the version that runs now as the tag, if the publisher has versions"
}
