summary    = "alert fires at the first sample, and nothing says why"
convention = "E27"
severity   = "warning"

select "text" {
  files   = param.alert_files
  words   = ["for: 0", "for: 1", "for: 2", "for: 3", "for: 4", "for: 5"]
  matches = "(?<above>\\n *#[^\\n]*)?\\n *- alert: *(?<alert>\\w+)(?<why> *#[^\\n]*)?\\n(?<between>(?: +(?:\\w+:|#)[^\\n]*\\n){0,12}?) +for: *(?<at>0[a-z]*|[1-5]?[0-9]s)(?<after> *#)?"
}

unless {
  path    = ["above", "why", "between", "after"]
  matches = "#"
}

forbid "hasty" {
  text    = "{alert}"
  matches = "."
  at      = "at"

  fix {
    safety  = "display"
    replace = "1m"
  }
}

case "hasty" {
  message = "`{alert}` fires at the first sample: one lost scrape sends a notification, and its end another"
  help    = "wait for a minute or more, or write a comment above `alert` that says why not"
}
