summary  = "an apply would run a job again"
severity = "error"

select "change" {}

where {
  path     = "risks"
  contains = "runs-job-again"
}

# Of what differs in it, each value is a change of its own.
where {
  path    = "path"
  present = false
}

forbid "again" {
  path    = "address"
  present = true
}

case "again" {
  message = "an apply would run the job `{name}` again"
  help    = "let Terraform ignore what moves in the template: `tautline drift report` shows the entry to write"
}
