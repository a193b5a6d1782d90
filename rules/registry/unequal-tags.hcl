summary    = "registries beside one another run different releases"
convention = "B18"
severity   = "error"
facts      = "stack"

select "row" { of = "registries" }

# What the first of them runs.
let "first" {
  in     = "registries"
  match  = { file = "{file}" }
  column = "image"
}

forbid "differs" {
  exists {
    in      = "registries"
    match   = { file = "{file}" }
    differs = { image = "{image}" }
    earlier = true
  }
  at = "image"

  fix {
    # One against one says nothing about which is right.
    when {
      all {
        not {
          text   = "{first}"
          equals = "{image}"
        }
        exists {
          in       = "registries"
          match    = { file = "{file}", image = "{first}" }
          at_least = 2
        }
      }
    }
    replace = "{first}"
  }
}

case "differs" {
  message = "`{image}` is not the release that the registries before it run: an upgrade is done to all of them, or none"
  help    = "write the image of the others"
}
