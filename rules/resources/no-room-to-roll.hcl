summary    = "quota of a namespace has no room for the second pod of a rolling update"
convention = "B40"
severity   = "warning"
facts      = "repo"

select "selector" { of = "rolling" }

let "roller" { text = "{namespace} {named}" }

let "most" {
  in      = "quotas"
  match   = { of = "{namespace}" }
  column  = "most"
  default = "none"
}

unless {
  text   = "{most}"
  equals = "none"
}

# Where it does not have room for the first, `resources/over-quota` says so.
where {
  sum {
    in      = "requested"
    match   = { of = "{namespace}" }
    column  = "amount"
    as      = "quantity"
    at_most = "{most}"
  }
}

require "no_room" {
  sum {
    in      = "rolled"
    match   = { roller = "{roller}" }
    column  = "amount"
    as      = "quantity"
    at_most = "{most}"
  }
  at = ["spec.strategy.rollingUpdate", "spec.strategy", "spec"]
  underline = "key"
}

case "no_room" {
  message = "a rolling update of `{name}` makes a new pod before an old one stops, and the quota of namespace `{namespace}` has no room for it: the update never comes, and nothing tells"
  help    = "write `type = \"Recreate\"`, or `max_surge = 0` with `max_unavailable = 1`, or give the namespace a larger quota"
}
