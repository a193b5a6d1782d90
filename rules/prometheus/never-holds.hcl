summary  = "alert asks whether a count is zero, which it never is"
severity = "warning"
facts    = "repo"

select "row" { of = "alerts" }

# Of a query that is refused nothing is known.
unless {
  path    = "query.fault"
  present = true
}

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

# What is 1 or nothing is no other number, and no larger one.
forbid "not_one" {
  when {
    path   = "call"
    one_of = param.one_or_nothing
  }
  any {
    all {
      path   = "comparison.operator"
      equals = "!="
      all {
        path   = "comparison.threshold"
        equals = 1
      }
    }
    all {
      path   = "comparison.operator"
      equals = ">"
      all {
        path     = "comparison.threshold"
        at_least = 1
      }
    }
    all {
      path   = "comparison.operator"
      one_of = [">=", "=="]
      all {
        path  = "comparison.threshold"
        above = 1
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

case "not_one" {
  when {
    text    = "{call}"
    matches = "^absent"
  }
  message = "`{call}` is 1 or nothing at all: this part of `{alert}` never holds"
  help    = "for what is there, write `unless absent(…)` or ask for it by its name; for what is not, leave the comparison out"
}

case "not_one" {
  message = "`{call}` is 1 or nothing at all: this part of `{alert}` never holds"
  help    = "write `count` if you want to know how many there are"
}
