summary  = "two sides of a query are matched by labels that only one of them has"
severity = "warning"
facts    = "repo"

select "row" { of = "rules" }

# Of a query that is refused nothing is known.
unless {
  path    = "query.fault"
  present = true
}

# There, what has no label at all is matched with everything, like a number.
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

# Those that are on one side alone, whichever that is.
let "single" {
  path   = ["mismatch.left[*]", "mismatch.right[*]"]
  joined = "`, `"
}

let "operator" { path = "mismatch.operator" }

forbid "apart" { path = "mismatch" }

# Where no series has it, as in the only cluster of a house, the two sides are the same.
case "apart" {
  severity = "info"
  when {
    all {
      path   = "mismatch.left[*]"
      one_of = param.labels_of_many
      every  = true
    }
    all {
      path   = "mismatch.right[*]"
      one_of = param.labels_of_many
      every  = true
    }
  }
  message = "only one side has `{single}`: as soon as series have one, nothing is matched"
  help    = "keep the same labels on both sides, or say which ones count: `on (…)`, `ignoring (…)`"
}

# What has nothing like it on the right side stays.
case "apart" {
  when {
    path   = "operator"
    equals = "unless"
  }
  message = "only one side has `{single}`: no series of the right side is one of the left, and nothing is taken away"
  help    = "keep the same labels on both sides, or say which ones count: `unless on (…)`, `unless ignoring (…)`"
}

case "apart" {
  when {
    path  = "mismatch.left"
    empty = true
  }
  message = "only the right side has `{right}`: a series with it is none of the left side, and nothing is matched"
  help    = "keep the same labels on both sides, or say which ones count: `on (…)`, `ignoring (…)`"
}

case "apart" {
  when {
    path  = "mismatch.right"
    empty = true
  }
  message = "only the left side has `{left}`: a series with it is none of the right side, and nothing is matched"
  help    = "keep the same labels on both sides, or say which ones count: `on (…)`, `ignoring (…)`"
}

case "apart" {
  message = "only the left side has `{left}`, and only the right one `{right}`: no series is the same on both, and nothing is matched"
  help    = "keep the same labels on both sides, or say which ones count: `on (…)`, `ignoring (…)`"
}
