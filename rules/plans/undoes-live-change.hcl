summary  = "an apply would undo a change that was made outside of Terraform"
severity = "warning"

select "change" {
  classes = ["out-of-band", "conflict"]
}

where {
  path   = "is_explained"
  equals = false
}

unless {
  path     = "risks"
  contains = ["downgrade", "runs-job-again", "storage-refuses"]
}

let "what" { path = "path" }

forbid "undone" {
  path    = "address"
  present = true
}

case "undone" {
  message = "an apply would undo what somebody changed outside of Terraform in `{address}`, at `{what}`"
  help    = "write what runs into the code, or make sure that it may go: `tautline drift report` shows both sides"
}
