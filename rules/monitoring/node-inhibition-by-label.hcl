summary    = "inhibition by an alert about a node asks for a label that its targets do not have"
convention = "E27"
severity   = "warning"
facts      = "repo"

select "row" { of = "prometheus.inhibitions" }

let "source_text" {
  path  = "inhibition.source_matchers[*]"
  reads = "matchers"
}

# In the newer spelling, in the older one, and in an object of the operator.
where {
  path = [
    "source_text[*].words[*]",
    "inhibition.source_match.alertname",
    "inhibition.source_match_re.alertname",
    "inhibition.sourceMatch[*].value",
  ]
  matches = param.node_alerts
}

let "target_text" {
  path  = "inhibition.target_matchers[*]"
  reads = "matchers"
}

# What else is asked of targets that are named.
unless {
  all {
    path    = "inhibition.target_matchers[*]"
    matches = "^\\s*\"?alertname\\b"
  }
  not {
    path   = "target_text[*].label"
    equals = "alertname"
  }
}

# Alerts about nodes have the label.
unless {
  path = [
    "target_text[*].words[*]",
    "inhibition.target_match.alertname",
    "inhibition.target_match_re.alertname",
    "inhibition.targetMatch[*].value",
  ]
  matches = param.node_alerts
  every   = true
}

forbid "labelled" {
  path    = "inhibition.equal"
  present = true
  underline = "key"
}

case "labelled" {
  message = "with `equal` this inhibits nothing: alerts about pods and services carry no `node` label"
  help    = "delete the `equal`: while a node is down the whole cascade is to be quiet"
}
