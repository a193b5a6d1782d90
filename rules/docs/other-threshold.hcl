summary    = "document says another age at which an alert fires than the alert"
convention = "B46"
severity   = "warning"
facts      = "repo"

select "text" {
  files   = param.documents
  except  = param.history
  words   = [">", " after ", "for: ", "(for "]
  zones   = ["prose", "code"]
  matches = "(?m)(?:(?:`|\\*\\*)(?<named>[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)(?:`|\\*\\*)(?::? ?\\(?>=? ?| (?:alerts?|fires|goes off|pages|warns) (?:only )?after )|^\\|[ \\t]*[`*]*(?<first>[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)[`*]*[ \\t]*\\|[^|>\\n]*>=? ?|(?:`|\\*\\*)(?<waiting>[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)(?:`|\\*\\*)[^`.\\n]*?(?:\\bfor: `?|\\(for:? `?))(?<at>(?<age>\\d+ ?(?:d|h|m|min|minutes|hours?|days?)))\\b"
}

# In a sentence, or in the first cell of a row; or with how long it waits.
let "alert" { path = ["named", "first", "waiting"] }

let "query" {
  in     = "prometheus.alerts"
  match  = { alert = "{alert}" }
  column = "query"
}

let "waits" {
  in     = "prometheus.alerts"
  match  = { alert = "{alert}" }
  column = "waits"
}

# Only an age is written as one.
where {
  path    = ["query.comparisons[*].age_of", "waiting"]
  present = true
}

let "fires" {
  path = "query.comparisons[*].threshold"
  as   = "duration"
}

# With what `for` adds it may be right, too.
unless {
  path     = "query.comparisons[*].threshold"
  as       = "duration"
  plus     = "{waits}"
  at_least = "{age}"
  at_most  = "{age}"
  not {
    path    = "waiting"
    present = true
  }
}

require "wait" {
  when {
    path    = "waiting"
    present = true
  }
  path     = "age"
  as       = "duration"
  at_least = "{waits}"
  at_most  = "{waits}"
  at       = "at"
}

require "other" {
  when {
    path    = "waiting"
    present = false
  }
  path     = "query.comparisons[*].threshold"
  as       = "duration"
  at_least = "{age}"
  at_most  = "{age}"
  at       = "at"
  related  = { "query.comparisons[*].threshold" = "required here" }
}

case "wait" {
  message = "`{alert}` waits for {waits}, and not for {age}"
  help    = "write how long it waits"
}

case "other" {
  message = "`{alert}` does not fire after {age}: its threshold is {fires}"
  help    = "write the age at which it fires"
}
