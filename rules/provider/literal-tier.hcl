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

forbid "literal" {
  path    = "metadata.labels.tier"
  literal = true
  one_of  = param.tier_values

  fix { expression = "local.tiers.{short}" }
}

case "literal" {
  message = "namespace `{name}` has its tier as the text `{value}`: when the tiers are renamed, it falls into none"
  help    = "use the generated local, as in `local.tiers.edge`"
}
