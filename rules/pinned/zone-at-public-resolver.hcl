summary    = "queries for a zone of the house are forwarded to a public resolver"
convention = "E27"
severity   = "error"

select "text" {
  files   = ["**/*.tf", "**/Corefile"]
  words   = ["forward "]
  # As far as the zone's own brace.
  matches = "(?m)^[ \\t]*(?<served>(?:dns://)?[a-z0-9_-]+(?:\\.[a-z0-9_-]+)+\\.?(?::53)?(?:,? +(?:dns://)?[a-z0-9._-]+(?::53)?)*) *\\{(?:[ \\t]*|(?:[^{}]|\\{(?:[^{}]|\\{(?:[^{}]|\\{[^{}]*\\})*\\})*\\})*?^[ \\t]*)forward +\\S+ +(?<at>[^{}#\\n]*[^{}#\\s])"
  zones   = ["string", "code"]
}

each "block" {
  path  = "served"
  split = " "
}

let "zone" {
  path    = "block"
  capture = "^(?:dns://)?(?<value>[^:,]+?)\\.?(?::53)?,?$"
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
