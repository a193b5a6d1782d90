summary  = "query of a rule is refused by Prometheus and by Loki"
severity = "error"
facts    = "repo"

select "row" { of = "rules" }

# Who asks in another language takes more.
unless {
  exists { in = "other_languages" }
}

# Of a form that people fill in, nothing is loaded.
unless {
  path    = "expr"
  matches = param.placeholder
}

let "reason" { path = "query.fault" }

let "remedy" { path = "query.help" }

forbid "refused" { path = "query.fault" }

# A range, a text or lines are no value that could fire, or be recorded.
forbid "valueless" {
  when {
    path    = "query.fault"
    present = false
  }
  path   = "query.result"
  one_of = ["range", "string", "lines"]
}

case "refused" {
  when {
    path    = "remedy"
    present = true
  }
  message = "the query of `{called}` is refused, and with it the whole file: {reason}"
  help    = "{remedy}"
}

case "refused" { message = "the query of `{called}` is refused, and with it the whole file: {reason}" }

case "valueless" {
  when {
    path   = "query.result"
    equals = "range"
  }
  message = "the query of `{called}` results in a range of values, and not in one: each evaluation fails"
  help    = "leave the brackets out, or put a function such as `rate` around it"
}

case "valueless" {
  when {
    path   = "query.result"
    equals = "lines"
  }
  message = "the query of `{called}` results in lines of a log, and not in a number: Loki refuses it"
  help    = "count the lines: `count_over_time(… [5m]) > 0`"
}

case "valueless" {
  message = "the query of `{called}` is a text in quotes: each evaluation fails"
  help    = "leave the quotes inside of the query out"
}
