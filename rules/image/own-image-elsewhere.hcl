summary    = "image of our own is pulled from a registry that our builds do not go to"
convention = "B16"
severity   = "warning"
reads      = [".github/workflows/*", ".github/actions/**"]
yields_to  = ["image/decommissioned-registry", "image/frozen-registry"]

select "image" { roles = ["container", "init_container", "helm_values"] }

each "image" { possible = "" }

where {
  path = "image"
  like = param.own_images
}

# Before there were builds that push there, the old place was the right one.
where {
  exists { in = "own_builds" }
}

let "registry" { text = param.own_registry }

let "version" {
  path    = "image"
  capture = "[:@][^/]*$"
  default = ""
}

let "repository" {
  path    = "image"
  capture = "^[^:@]+"
}

let "package" {
  path    = "repository"
  capture = "[^/]+$"
}

require "elsewhere" {
  path = "image"
  like = ["{registry}/*"]

  # Where a build pushes it there, or something pulls it from there, it is there.
  fix {
    when {
      any {
        exists {
          in    = "own_pushes"
          match = { package = "{registry}/{package}" }
        }
        exists {
          in    = "own_pulls"
          match = { package = "{registry}/{package}" }
        }
      }
    }
    replace = "{registry}/{package}{version}"
  }

  fix {
    safety  = "display"
    replace = "{registry}/{package}{version}"
  }
}

case "elsewhere" {
  message = "`{repository}` is an image of our own that does not come from `{registry}`, where builds go: this copy ages unseen"
  help    = "build it to `{registry}/{package}` and pull that"
}
