summary    = "an apply asks of storage what it cannot do"
convention = "E15"
severity   = "error"

select "change" {}

where {
  path     = "risks"
  contains = "storage-refuses"
}

let "live" { path = "live" }

let "want" { path = "want" }

forbid "refused" {
  path    = "address"
  present = true
}

case "refused" {
  message = "an apply asks storage for `{want}` where `{live}` is there, and is refused"
  help    = "write what the claim has into the code, or let Terraform ignore the size where something else raises it"
}
