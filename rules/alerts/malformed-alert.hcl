summary  = "alert is written in a way in which Prometheus does not load it"
severity = "error"
facts    = "repo"

select "row" { of = "alerts" }

forbid "annotations" {
  when {
    not { path = "annotations[*]" }
  }
  path    = "annotations"
  matches = "."
}

forbid "labels" {
  when {
    not { path = "labels[*]" }
  }
  path    = "labels"
  matches = "."
}

case "annotations" {
  message = "`annotations` of `{alert}` is a text, and must be names with texts: the whole file is refused, with every other alert in it"
  help    = "write `summary:` in front of it, on a line of its own below `annotations:`"
}

case "labels" {
  message = "`labels` of `{alert}` is a text, and must be names with texts: the whole file is refused, with every other alert in it"
  help    = "write `severity:` in front of it, on a line of its own below `labels:`"
}
