summary    = "registries beside one another run different releases"
convention = "B18"
severity   = "error"
facts      = "stack"

select "row" { of = "registries" }

# What several of them run.
let "common" {
  in     = "common_releases"
  match  = { file = "{file}" }
  column = "image"
}

let "common_release" {
  in     = "common_releases"
  match  = { file = "{file}" }
  column = "release"
}

# Alone beside some that agree.
forbid "differs" {
  when {
    not {
      exists {
        in    = "common_releases"
        match = { file = "{file}", release = "{release}" }
      }
    }
  }
  exists {
    in      = "common_releases"
    match   = { file = "{file}" }
    differs = { release = "{release}" }
  }
  at = "image"

  # Some may agree on one, and some on another.
  fix {
    when {
      path    = "common"
      present = true
      not {
        exists {
          in      = "common_releases"
          match   = { file = "{file}" }
          differs = { release = "{common_release}" }
        }
      }
    }
    replace = "{common}"
  }
}

# Where none agree, or some on one and some on another, whoever came first has it.
forbid "differs" {
  when {
    any {
      not {
        exists {
          in    = "common_releases"
          match = { file = "{file}" }
        }
      }
      all {
        exists {
          in    = "common_releases"
          match = { file = "{file}", release = "{release}" }
        }
        exists {
          in      = "common_releases"
          match   = { file = "{file}" }
          differs = { release = "{release}" }
        }
      }
    }
  }
  exists {
    in      = "registries"
    match   = { file = "{file}" }
    differs = { release = "{release}" }
    earlier = true
  }
  at = "image"
}

case "differs" {
  message = "`{image}` is not the release that the registries beside it run: an upgrade is done to all of them, or none"
  help    = "write the image of the others"
}
