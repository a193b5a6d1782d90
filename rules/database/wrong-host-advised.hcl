summary    = "document sends its reader to a name that does not lead to the right server"
convention = "C37"
severity   = "warning"
facts      = "repo"

select "row" { of = "advised_names" }

let "host" { path = "named" }

each "wrong" { texts = param.wrong_hosts }

where {
  path   = "host"
  equals = "{wrong}"
}

# Before there was a right one, the name was the only one.
where {
  exists {
    in    = "services"
    match = { host = "{wrong_value}" }
  }
}

forbid "advised" {
  path    = "place"
  matches = "."
}

case "advised" {
  message = "`{host}` is the name the old chart gave its service: whoever follows this gets errors now and then"
  help    = "write `{wrong_value}`, with what follows"
}
