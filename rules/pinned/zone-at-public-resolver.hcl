summary    = "queries for a zone of the house are forwarded to a public resolver"
convention = "E27"
severity   = "error"

select "text" {
  files   = ["**/*.tf", "**/Corefile"]
  words   = [":53 ", ":53,"]
  # As far as the next zone.
  matches = "(?m)^\\s*(?<served>[a-z0-9][a-z0-9.-]*(?::53)?(?:,? [a-z0-9.-]+(?::53)?)*) \\{(?:[^:]|:[^5]|:5[^3]|:53[^ ])*?forward \\S+ (?<at>[^{\\n]*[^{\\s])"
  zones   = ["string", "code"]
}

each "block" {
  path  = "served"
  split = " "
}

let "zone" {
  path    = "block"
  capture = "^(?<value>[^:,]+):53"
}

where {
  path   = "zone"
  one_of = param.own_zones
}

forbid "public" {
  path    = ""
  matches = param.public_resolvers
}

case "public" {
  message = "zone `{zone}` is forwarded to `{value}`: a public resolver answers with the address outside, and pods reach their neighbours by way of the router, or not at all"
  help    = "forward it to the resolver of the house"
}
