summary  = "an apply would put an older version in the place of a newer one"
severity = "error"

select "change" {}

where {
  path     = "risks"
  contains = "downgrade"
}

let "live" { path = "live" }

let "want" { path = "want" }

forbid "older" {
  path    = "address"
  present = true
}

case "older" {
  message = "an apply would put the older `{want}` in the place of `{live}`"
  help    = "write the version that runs into the code, or let Terraform ignore what something else updates"
}
