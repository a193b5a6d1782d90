summary    = "pipeline for one purpose runs whenever something is started by hand"
convention = "C55"
severity   = "warning"

select "selector" { of = "condition" }

where {
  path     = "condition.event"
  contains = "manual"
}

require "bare" {
  path    = "condition.evaluate"
  matches = "\\S"
  at      = "condition.event"

  fix {
    safety  = "display"
    beneath = { "condition.event" = "evaluate: '… != \"\"'" }
  }
}

case "bare" {
  message = "whoever starts any pipeline of this repo by hand starts this one too: `event: manual` asks for no more"
  help    = "add `evaluate: '…'` beside it: a variable that only who means this pipeline sets"
}
