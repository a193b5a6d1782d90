summary    = "route wakes a group that no workload belongs to"
convention = "C17"
severity   = "error"
facts      = "repo"

select "module" { source = param.ingress_modules }

where {
  path    = "sablier"
  present = true
}

# Of what nobody calls the workloads are not gathered.
where {
  text   = "{live}"
  equals = "true"
}

let "own_name" { path = "name" }

let "group" {
  path    = "sablier.group"
  default = "{own_name}"
}

require "missing" {
  at = "sablier"
  exists {
    in    = "members"
    match = { group = "{group}" }
  }
}

case "missing" {
  message = "no workload belongs to the group `{group}`: a visitor waits for an app that nobody wakes"
  help    = "give the deployment the labels `\"sablier.enable\" = \"true\"`, `\"sablier.group\" = \"{group}\"` and `\"sablier.ready-after\" = \"5s\"`"
}
