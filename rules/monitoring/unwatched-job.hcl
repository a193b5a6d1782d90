summary    = "no alert notices when a job has stopped running"
convention = "B51"
severity   = "info"
facts      = "repo"
added      = "warning"

select "row" { of = "schedules" }

where {
  path   = "runner"
  equals = "CronJob"
}

where {
  path    = "named"
  matches = param.watched_jobs
}

# Two runs missed, in seconds.
let "late" {
  path    = "schedule"
  as      = "period"
  times   = 2
  default = "…"
}

require "unwatched" {
  any {
    exists {
      in    = "asked_about"
      match = { job = "{named}" }
    }
    exists {
      in     = "asked_about"
      covers = { pattern = "{named}" }
    }
    exists {
      in    = "watched_jobs"
      match = { runner_address = "{address}", runner_file = "{file}" }
    }
  }
}

case "unwatched" {
  message = "no alert asks about `{named}`: that it has stopped shows when what it does is missed"
  help    = <<-EOT
    write an alert about the age of its last success (here, of two runs that were missed) beside the others:
    - alert: {named}-stale
      expr: (time() - kube_cronjob_status_last_successful_time{{cronjob="{named}", namespace="{namespace}"}}) > {late}
      for: 30m
      labels: {{severity: warning}}
      annotations: {{summary: "{named} last succeeded {{{{ $value | humanizeDuration }}}} ago"}}
    EOT
}
