summary  = "an apply would run a job again"
severity = "error"

select "change" {}

where {
  path     = "risks"
  contains = "runs-job-again"
}

let "why" { path = "dangers" }

forbid "again" {
  path    = "address"
  present = true
}

case "again" {
  message = "{why}"
  help    = "let Terraform ignore what moves in the template: `tautline drift report` shows the entry to write"
}
