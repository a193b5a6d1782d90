summary    = "address of the load balancers' pool that no service has"
convention = "C38"
severity   = "warning"
facts      = "repo"

select "text" {
  files   = param.address_files
  except  = param.test_files
  words   = [param.pool_word]
  matches = param.pool_address
}

# Of a repo in which nobody asks for an address nothing can be said.
where {
  exists { in = "assigned" }
}

let "address" { path = "" }

require "nobody" {
  exists {
    in    = "assigned"
    match = { ip = "{address}" }
  }
}

case "nobody" {
  message = "no service asks for `{address}`: nothing answers there, or the next service that is made gets it"
  help    = "write the address that the service has now, or reserve this one by the annotation on its service"
}
