summary    = "cron job forbids a second run and lets the first hang for ever"
convention = "C61"
severity   = "warning"

select "object" { kinds = ["CronJob"] }

where {
  path   = "spec.concurrencyPolicy"
  equals = "Forbid"
}

# Of the job, or of its pod: either ends a run that hangs.
require "no_deadline" {
  path = [
    "spec.jobTemplate.spec.activeDeadlineSeconds",
    "spec.jobTemplate.spec.template.spec.activeDeadlineSeconds",
  ]
  present = true
  at      = "spec.concurrencyPolicy"

  fix {
    safety = "display"
    set    = { "spec.jobTemplate.spec.activeDeadlineSeconds" = "3600" }
  }
}

case "no_deadline" {
  message = "a run of `{name}` that hangs keeps every later one from starting: nothing ends it"
  help    = "write `active_deadline_seconds` in the `spec` of its `job_template`, a few times as long as a run takes"
}
