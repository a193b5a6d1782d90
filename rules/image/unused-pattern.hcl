summary    = "pattern of the admission policy admits no image that the code runs"
convention = "D09"
severity   = "info"
facts      = "repo"

select "object" { kinds = ["ClusterPolicy"] }

where {
  path   = "metadata.name"
  one_of = param.trust_policies
}

each "image" { path = "spec.rules[*].validate.pattern.spec.containers[*].image" }

each "pattern" {
  path  = "image"
  split = "|"
}

let "prefix" {
  path    = "pattern"
  capture = "^[^*]+"
}

where {
  path    = "prefix"
  present = true
}

require "unused" {
  exists {
    in          = "images"
    starts_with = { image = "{prefix}" }
  }
  at = "pattern"

  # What charts and operators run by themselves stands nowhere here.
  fix {
    safety = "display"
    delete = "pattern"
  }
}

case "unused" {
  message = "`{pattern}` admits no image that is written in the repo: trust that nobody uses is trust for somebody else"
  help    = "remove it, if no chart or operator runs such an image by itself"
}
