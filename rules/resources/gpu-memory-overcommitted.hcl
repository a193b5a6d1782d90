summary    = "pods keep more memory of the graphics card than it has"
convention = "C45"
severity   = "error"
facts      = "repo"

select "block" {
  type   = "variable"
  labels = [param.card_memory_total]
}

let "total" { path = "default" }

require "exceeded" {
  sum {
    in      = "card_memory"
    column  = "kept"
    as      = "quantity"
    at_most = "{total}"
  }
  at = "default"
}

case "exceeded" {
  message = "the pods keep `{value}` of the card's memory, and it has `{total}`: one of them is never scheduled"
  help    = "lower a claim, or park a workload with `replicas = 0`"
}
