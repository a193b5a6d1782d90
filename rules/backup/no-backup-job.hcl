summary    = "stack keeps data on a volume that nothing copies"
convention = "B11"
severity   = "warning"
facts      = "repo"

select "row" {
  of = "claims"
}

let "where" { path = "place" }

# In a module that nobody calls there is no stack to ask.
where {
  text    = "{where}"
  matches = "."
}

# The stack's first claim speaks for all of them.
unless {
  exists {
    in      = "claims"
    match   = { place = "{where}" }
    earlier = true
  }
}

require "missing" {
  exists {
    in       = "copies"
    match    = { place = "{where}" }
    contains = { mark = "backup" }
  }
  underline = "subject"
}

case "missing" {
  message = "stack `{where}` keeps data in claim `{name}`, and nothing in it writes copies to NFS: with the volume all of it is gone"
  help    = "add a CronJob that writes to an `nfs_volume` at `/srv/nfs/{where}-backup`, or a comment above the claim that says why there is no backup"
}
