summary    = "tier of a namespace is written as a text"
convention = "C43"
severity   = "warning"

select "object" {
  kinds    = ["Namespace"]
  carriers = ["resource"]
}

let "short" {
  path    = "metadata.labels.tier"
  capture = "^[0-9]+-(?<value>[a-z]+)$"
  default = ""
}

# Be it here or in another local.
unless {
  path      = "metadata.labels.tier"
  refers_to = ["local.tiers", "local.tiers.*"]
  through   = true
}

forbid "literal" {
  path   = "metadata.labels.tier"
  one_of = param.tier_values

  fix {
    when {
      path    = "metadata.labels.tier"
      literal = true
    }
    expression = "local.tiers.{short}"
  }
}

case "literal" {
  message = "namespace `{name}` has its tier as the text `{value}`: when the tiers are renamed, it falls into none"
  help    = "use the generated local, as in `local.tiers.edge`"
}
