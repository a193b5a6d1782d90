summary    = "pipeline tells people that all is well"
convention = "C57"
severity   = "info"

select "selector" { of = "step" }

where {
  any {
    all {
      path    = ["step.commands", "step.commands[*]"]
      matches = "SLACK_WEBHOOK|hooks\\.slack\\.com"
    }
    all {
      path    = "step.image"
      matches = "(?:^|/)(?:plugins/slack|drone-slack)(?:[:@]|$)"
    }
  }
}

each "status" { path = ["step.when.status[*]", "step.when.status"] }

forbid "success" {
  path   = "status"
  equals = "success"

  # One that is sent then alone may be meant so.
  fix {
    when {
      path           = "step.when.status"
      items_at_least = 2
    }
    delete = "status"
  }
}

case "success" {
  message = "this notice is sent when all went well too: who gets those does not read the others any more"
  help    = "write `status: [failure]`"
}
