summary    = "list of trusted registries has a pattern that every image fits"
convention = "B53"
severity   = "error"

select "object" {
  kinds = ["ClusterPolicy", "Policy"]
  api   = ["kyverno.io/*"]
}

where {
  path   = "metadata.name"
  one_of = param.enforced
}

each "image" { path = "spec.rules[*].validate.pattern.spec[*].image" }

each "pattern" {
  path  = "image"
  split = "|"
}

forbid "everything" {
  path    = "pattern"
  matches = "^(?:[*?./:@-]|sha256:)+$"

  # With nothing left in it the list would refuse every image.
  fix {
    when {
      path     = "image"
      contains = "|"
    }
    delete = "pattern"
  }
}

case "everything" {
  message = "`{value}` in policy `{name}` fits any image of any registry: the list of trusted ones has no effect"
  help    = "delete it, and list the registry that was meant, as in `ghcr.io/*`"
}
