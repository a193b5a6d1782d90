summary  = "alert asks whether a count is zero, which it never is"
severity = "warning"
facts    = "repo"

select "row" { of = "alerts" }

each "comparison" { path = "query.comparisons[*]" }

# Of nothing, no count is zero: there is none.
where {
  path    = "comparison.least"
  present = true
}

let "call" { path = "comparison.call" }

forbid "below_one" {
  any {
    all {
      path   = "comparison.operator"
      equals = "=="
      not {
        path     = "comparison.threshold"
        at_least = 1
      }
    }
    all {
      path   = "comparison.operator"
      equals = "<"
      not {
        path  = "comparison.threshold"
        above = 1
      }
    }
    all {
      path   = "comparison.operator"
      equals = "<="
      not {
        path     = "comparison.threshold"
        at_least = 1
      }
    }
  }
  at = "comparison.threshold"
}

case "below_one" {
  when {
    text    = "{call}"
    matches = "^absent"
  }
  message = "`{call}` is 1 or nothing at all: this part of `{alert}` never holds"
  help    = "leave the comparison out: there is a result where nothing is found"
}

case "below_one" {
  message = "`{call}` of nothing is nothing, and not 0: this part of `{alert}` never holds"
  help    = "write `absent(…)` around what is counted, or `or vector(0)` behind the count, in parentheses"
}
