summary    = "inhibition by an alert about a node asks for a label that its targets do not have"
convention = "E27"
severity   = "warning"
facts      = "repo"

select "row" { of = "inhibitions" }

each "source_text" {
  path  = "inhibition.source_matchers[*]"
  reads = "matchers"
}

let "source" { path = "source_text[*].words[*]" }

where {
  path    = "source"
  matches = param.node_alerts
}

each "target_text" {
  path  = "inhibition.target_matchers[*]"
  reads = "matchers"
}

# Alerts about nodes have the label.
unless {
  path    = "target_text[*].words[*]"
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
