summary    = "workload is parked in a group that no route wakes"
convention = "C17"
severity   = "error"
facts      = "repo"

select "row" { of = "members" }

let "wanted" { path = "group" }

where {
  path    = "group"
  present = true
}

require "missing" {
  at = "group"
  exists {
    in    = "routes"
    match = { group = "{wanted}" }
  }
}

case "missing" {
  message = "no route wakes the group `{wanted}`: once parked, its workloads stay down"
  help    = "give the ingress of the app `sablier = {{ group = \"{wanted}\" }}`"
}
