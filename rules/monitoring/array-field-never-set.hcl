summary    = "log query compares an element of an array that it does not take out"
convention = "B48"
severity   = "warning"
facts      = "repo"

select "row" { of = "prometheus.alerts" }

each "selector" { path = "query.selectors[*]" }

each "filter" { path = "selector.stages[*].matchers[*]" }

let "label" { path = "filter.label" }

where {
  path    = "label"
  matches = "_[0-9]+$"
}

# `| json` goes into objects, and not into arrays.
where {
  path   = "selector.stages[*].kind"
  equals = "json"
}

# The array, and which element of it. With a `_` in its name it may be one in another object.
let "array" {
  path    = "label"
  capture = "^(?<value>[^_]+)_[0-9]+$"
}

let "position" {
  path    = "label"
  capture = "[0-9]+$"
}

require "unset" {
  path   = "selector.stages[*].fields[*].name"
  equals = "{label}"
  at     = "filter.label"

  # In front of the first filter that asks for it, where that is a stage of its own: the only one, or one that drops what is empty.
  fix {
    when {
      all {
        path    = "expr"
        matches = "\\|\\s*{label}\\b"
      }
      not {
        path    = "expr"
        matches = "\\b{label}\\b(?s:.*)\\b{label}\\b"
      }
    }
    title   = "take `{array}[{position}]` out"
    replace = "json {label}=`{array}[{position}]` | {label}"
  }

  fix {
    when {
      all {
        path   = "filter.operator"
        equals = "!="
      }
      all {
        path    = "expr"
        matches = "\\|\\s*{label}\\s*!="
      }
      not {
        path    = "expr"
        matches = "\\b{label}\\b(?s:.*)\\b{label}\\s*!="
      }
    }
    title   = "take `{array}[{position}]` out"
    replace = "json {label}=`{array}[{position}]` | {label}"
  }
}

# A label that is not there is an empty text, and that is unlike everything.
require "unguarded" {
  when {
    path   = "filter.operator"
    one_of = ["!~", "!="]
  }
  path    = "expr"
  matches = "\\b{label}\\s*!=\\s*(?:\"\"|``)|\\b{label}\\s*=~"
  at      = "filter.label"

  fix {
    when {
      all {
        path    = "expr"
        matches = "\\|\\s*{label}\\s*!"
      }
      not {
        path    = "expr"
        matches = "\\b{label}\\s*![=~](?s:.*)\\b{label}\\s*![=~]"
      }
    }
    title   = "ask for `{label}`"
    replace = "{label}!=`` | {label}"
  }
}

case "unset" {
  message = "`json` without a path for it never sets `{label}`: arrays are not taken apart, and the comparison is with an empty text"
  help    = "write `json {label}=\"FIELD[0]\"`"
}

case "unguarded" {
  message = "an event without `{label}` passes this filter too: an empty text is unlike everything"
  help    = "write `{label}!=\"\"` in front of it"
}
