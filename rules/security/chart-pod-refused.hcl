summary    = "chart is told to make pods that admission refuses"
convention = "B54"
severity   = "error"
facts      = "repo"

select "row" { of = "chart_asks" }

where {
  exists {
    in    = "exempt"
    match = { policy = "{policy}" }
  }
}

require "refused" {
  exists {
    in     = "exempt"
    match  = { policy = "{policy}" }
    covers = { namespace = "{namespace}" }
  }
  at = "setting"
}

case "refused" {
  when {
    exists {
      in    = "auditing"
      match = { policy = "{policy}" }
    }
  }
  message = "the chart of `{name}` asks {asks} in namespace `{namespace}`, which the admission policy does not exempt: its pods are refused once that policy enforces"
  help    = "take it out, or ask for the capability that is needed; or exempt the namespace in the policy's list, with a reason"
}

case "refused" {
  message = "the chart of `{name}` asks {asks} in namespace `{namespace}`, which the admission policy does not exempt: its pods are refused"
  help    = "take it out, or ask for the capability that is needed; or exempt the namespace in the policy's list, with a reason"
}
