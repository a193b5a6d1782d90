summary  = "two sides of a query are matched by labels that only one of them has"
severity = "warning"
facts    = "repo"

select "row" { of = "rules" }

# VictoriaMetrics takes one series without labels for a number.
unless {
  exists { in = "other_languages" }
}

each "mismatch" { path = "query.mismatches[*]" }

let "left" {
  path   = "mismatch.left"
  joined = "`, `"
}

let "right" {
  path   = "mismatch.right"
  joined = "`, `"
}

forbid "apart" { path = "mismatch" }

case "apart" {
  when {
    path  = "mismatch.left"
    empty = true
  }
  message = "only the right side has `{right}`: no series of one side is one of the other, and none is matched"
  help    = "keep the same labels on both sides, or say which ones count: `on (…)`, `ignoring (…)`"
}

case "apart" {
  when {
    path  = "mismatch.right"
    empty = true
  }
  message = "only the left side has `{left}`: no series of one side is one of the other, and none is matched"
  help    = "keep the same labels on both sides, or say which ones count: `on (…)`, `ignoring (…)`"
}

case "apart" {
  message = "only the left side has `{left}`, and only the right one `{right}`: no series of one side is one of the other, and none is matched"
  help    = "keep the same labels on both sides, or say which ones count: `on (…)`, `ignoring (…)`"
}
