summary    = "service with an address of its own is missing from the list of addresses"
convention = "C38"
severity   = "warning"
reads      = ["docs/**/*.md"]

select "row" { of = "assigned" }

where {
  exists { in = "checklist" }
}

require "unlisted" {
  exists {
    in    = "checklist"
    match = { service = "{namespace}/{named}" }
  }
}

case "unlisted" {
  message = "`{namespace}/{named}` asks for `{ip}` and is not in the list of addresses: whoever moves the address does not know of it"
  help    = "add it to the list, with what refers to the address elsewhere"
}
