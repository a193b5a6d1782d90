summary    = "document says another age at which an alert fires than the alert"
convention = "B46"
severity   = "warning"

select "text" {
  files   = param.documents
  words   = [">"]
  zones   = ["prose", "code"]
  matches = "(?:`|\\*\\*)(?<named>[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)(?:`|\\*\\*):? ?\\(?>=? ?(?<at>(?<age>\\d+[dhm]))\\b"
}

unless {
  text = "{file}"
  like = param.history
}

let "query" {
  in     = "monitoring.alerts"
  match  = { alert = "{named}" }
  column = "query"
}

# Only an age is written as one.
where {
  path    = "query.comparisons[*].age_of"
  present = true
}

require "other" {
  path     = "query.comparisons[*].threshold"
  as       = "duration"
  at_least = "{age}"
  at_most  = "{age}"
  at       = "at"
  related  = { "query.comparisons[*].threshold" = "required here" }
}

case "other" {
  message = "`{named}` does not fire after {age}: its threshold is {value} seconds"
  help    = "write the age at which it fires"
}
