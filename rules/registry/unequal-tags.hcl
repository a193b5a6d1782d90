summary    = "registries beside one another run different releases"
convention = "B18"
severity   = "error"
facts      = "stack"

select "row" { of = "registries" }

forbid "differs" {
  exists {
    in      = "registries"
    match   = { file = "{file}" }
    differs = { image = "{image}" }
    earlier = true
  }
  at = "image"
}

case "differs" {
  message = "`{image}` is not the release that the registries before it run: an upgrade is done to all of them, or none"
  help    = "write the image of the others"
}
