summary    = "file that names an address is missing from the list of addresses"
convention = "C38"
severity   = "warning"
reads      = ["docs/**/*.md"]

select "text" {
  files   = param.address_files
  except  = param.test_files
  words   = [param.pool_word]
  matches = param.pool_address
}

where {
  exists { in = "checklist" }
}

# What Terragrunt writes, it writes anew: the address stands where that is generated from.
unless {
  exists {
    in    = "generated"
    match = { file = "{file}" }
  }
}

let "address_of" { text = "{address}" }

let "address" { path = "" }

# Where the service itself is: that is `networking/address-not-on-checklist`'s matter.
unless {
  exists {
    in    = "assigned"
    match = { file = "{file}", ip = "{address}" }
  }
}

# A local or a variable beside it, which the service takes it from.
unless {
  all {
    text    = "{address_of}"
    matches = "^(?:locals|var\\..*)$"
  }
  exists {
    in    = "assigned"
    match = { module = "{module}", ip = "{address}" }
  }
}

# One line of a file is enough to have it listed.
unless {
  exists {
    in      = "mentions"
    match   = { mentioned_in = "{file}", ip = "{address}" }
    earlier = true
  }
}

require "unlisted" {
  exists {
    in     = "consumers"
    covers = { pattern = "{file}" }
  }
}

case "unlisted" {
  message = "`{file}` names `{address}` and is not in the list of addresses: when the address moves, it goes on asking the old one"
  help    = "add the file to the list, or take the address from a variable"
}
