summary    = "admission policy trusts a registry that is gone"
convention = "D09"
severity   = "warning"
reads      = [".github/workflows/*", ".github/actions/**"]

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

let "host" {
  path    = "pattern"
  capture = "^[^/:*]+"
}

# One that was frozen serves as long as our builds go nowhere else.
unless {
  all {
    text = "{host}/"
    like = param.frozen_images
  }
  not {
    exists { in = "own_builds" }
  }
}

forbid "dead" {
  path   = "host"
  one_of = param.dead_registries
  at     = "pattern"

  # With nothing left in it the list would refuse every image, or be gone and admit each.
  fix {
    when {
      path     = "image"
      contains = "|"
    }
    delete = "pattern"
  }
}

case "dead" {
  message = "`{pattern}` trusts a registry that serves no images any more: whoever answers to that name next is trusted, too"
  help    = "remove the pattern"
}
