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

require "unasked" {
  path    = "rule.expr"
  present = true
  at      = "alert"
}

# `5m`, `1h30m`, and `0`: the units from the largest to the smallest, in whole numbers.
forbid "wait" {
  all {
    path    = "rule.for"
    present = true
    not {
      path    = "rule.for"
      matches = param.durations
    }
    not {
      exists { in = "other_languages" }
    }
  }
  at = "rule.for"
}

forbid "wait" {
  all {
    path    = "rule.keep_firing_for"
    present = true
    not {
      path    = "rule.keep_firing_for"
      matches = param.durations
    }
    not {
      exists { in = "other_languages" }
    }
  }
  at = "rule.keep_firing_for"
}

case "annotations" {
  message = "`annotations` of `{alert}` is a text, and must be names with texts: the whole file is refused, with every other alert in it"
  help    = "write `summary:` in front of it, on a line of its own below `annotations:`"
}

case "labels" {
  message = "`labels` of `{alert}` is a text, and must be names with texts: the whole file is refused, with every other alert in it"
  help    = "write `severity:` in front of it, on a line of its own below `labels:`"
}

case "unasked" {
  message = "`{alert}` has no `expr`: Prometheus refuses the whole file"
  help    = "add the query that fires it"
}

case "wait" {
  message = "`{value}` is no duration for Prometheus: it refuses the whole file"
  help    = "write whole numbers with their units, the largest first: `90s`, `1h30m`"
}
