summary  = "an apply would put an older version in the place of a newer one"
severity = "error"

select "change" {}

where {
  path     = "risks"
  contains = "downgrade"
}

let "why" { path = "dangers" }

forbid "older" {
  path    = "address"
  present = true
}

case "older" {
  message = "{why}"
  help    = "write the version that runs into the code, or let Terraform ignore what something else updates"
}
