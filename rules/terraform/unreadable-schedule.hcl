summary  = "cron job has a schedule that Kubernetes cannot read"
severity = "error"

select "object" { kinds = ["CronJob"] }

# Other APIs have jobs of the same names. A typed resource does not say which API it is of.
unless {
  path    = "apiVersion"
  present = true
  not {
    path = "apiVersion"
    like = ["batch/*"]
  }
}

# One that is empty is of something that is switched off.
require "unreadable" {
  path    = "spec.schedule"
  matches = "^$|^\\s*(?:(?:CRON_)?TZ=\\S+\\s+)?(?:(?:[0-9*?,/-]+\\s+){3}[0-9*?,/A-Za-z-]+\\s+[0-9*?,/A-Za-z-]+|@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)|@every\\s+\\S+)\\s*$"
}

case "unreadable" {
  message = "`{value}` is no schedule: Kubernetes refuses `{name}`"
  help    = "write five fields (minute, hour, day of the month, month, day of the week), or `@daily` and its like"
}
