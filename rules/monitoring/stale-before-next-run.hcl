summary    = "alert about a job that has not run fires before its next run is due"
convention = "D01"
severity   = "error"
facts      = "repo"

select "row" { of = "prometheus.alerts" }

each "comparison" { path = "query.comparisons[*]" }

where {
  path   = "comparison.operator"
  one_of = [">", ">="]
}

# Together with another condition it says how long something goes on, and not that it is missing.
where {
  path   = "comparison.alone"
  equals = true
}

# What is watched: the job that a metric is about, or that has pushed it.
each "watched" { path = "comparison.age_of[*]" }

let "metric" {
  path    = "watched.name"
  default = "-"
}

let "cronjob" {
  path    = "watched.labels.cronjob"
  default = "-"
}

let "namespace" {
  path    = "watched.labels.namespace"
  default = "-"
}

let "job" {
  path    = "watched.labels.job"
  default = "-"
}

let "by_name" {
  in     = "schedules"
  match  = { named = "{cronjob}", namespace = "{namespace}", runner = "CronJob" }
  column = "schedule"
}

let "by_job" {
  in     = "producers"
  match  = { job = "{job}" }
  column = "schedule"
}

let "by_metric" {
  in     = "producers"
  match  = { metric = "{metric}" }
  column = "schedule"
}

let "schedule" { path = ["by_name", "by_job", "by_metric"] }

where {
  path    = "schedule"
  present = true
}

unknown {
  because = "several jobs write `{metric}` at different times: which of them the alert is about is not known"
  all {
    path    = ["by_name", "by_job"]
    present = false
  }
  exists {
    in      = "producers"
    match   = { metric = "{metric}" }
    differs = { schedule = "{schedule}" }
  }
}

let "due_by_name" {
  in     = "schedules"
  match  = { named = "{cronjob}", namespace = "{namespace}", runner = "CronJob" }
  column = "period"
}

let "due_by_job" {
  in     = "producers"
  match  = { job = "{job}" }
  column = "period"
}

let "due_by_metric" {
  in     = "producers"
  match  = { metric = "{metric}" }
  column = "period"
}

let "due" { path = ["due_by_name", "due_by_job", "due_by_metric"] }

let "next" {
  path = "due"
  as   = "duration"
}

let "fires" {
  path = "comparison.threshold"
  as   = "duration"
}

let "enough" {
  path  = "due"
  as    = "number"
  times = 1.5
}

forbid "early" {
  path    = "comparison.threshold"
  plus    = "{waits}"
  below   = "{due}"
  as      = "duration"
  related = { "schedule" = "it runs on this schedule" }

  fix {
    when {
      path   = "comparison.unit"
      equals = "1"
    }
    replace = "{enough}"
  }
}

case "early" {
  message = "`{alert}` fires {fires} after the last run, and the next one comes {next} after it: it fires between two runs that went well"
  help    = "wait for half as long again as `{schedule}` leaves between two runs, so that one that is late is told from one that is missing"
}
