summary    = "alert about unexpected addresses does not know one of the house's networks"
convention = "B48"
severity   = "warning"
facts      = "repo"

select "row" { of = "prometheus.alerts" }

where {
  path    = "group_name"
  matches = param.security_group
}

each "filter" { path = "query.selectors[*].stages[*].matchers[*]" }

where {
  path   = "filter.operator"
  equals = "!~"
}

# A list of networks, and not of names.
where {
  path    = "filter.value"
  matches = "[0-9]\\\\+\\.[0-9\\[]"
}

each "network" { texts = param.allowed_sources }

require "unknown" {
  path     = "filter.value"
  contains = "{network}"
}

case "unknown" {
  message = "`{alert}` does not allow `{network}`, which the other lists of networks do: it fires for whoever comes from there"
  help    = "add it, or take it out of the param `allowed_sources`"
}
