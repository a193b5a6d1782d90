summary  = "an apply asks of storage what it cannot do"
severity = "error"

select "change" {}

where {
  path     = "risks"
  contains = "storage-refuses"
}

let "why" { path = "dangers" }

forbid "refused" {
  path    = "address"
  present = true
}

case "refused" {
  message = "{why}"
  help    = "write what the claim has into the code, or let Terraform ignore the size where something else raises it"
}
