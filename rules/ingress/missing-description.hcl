summary    = "ingress with a tile on the dashboard has no description"
convention = "C02"
severity   = "error"

select "module" {
  source = param.factory
}

where {
  path   = "homepage_enabled"
  equals = true
}

unless {
  path   = "extra_annotations[\"gethomepage.dev/enabled\"]"
  equals = "false"
}

require "missing" {
  path      = "extra_annotations[\"gethomepage.dev/description\"]"
  matches   = "\\S"
  underline = "subject"

  fix {
    safety = "display"
    set    = { "extra_annotations[\"gethomepage.dev/description\"]" = "TODO what it is for" }
  }
}

case "missing" {
  message = "`{name}` has a tile on the dashboard and no description: its row in the catalogue is a bare host"
  help    = "add `\"gethomepage.dev/description\" = \"<what it is for>\"` to `extra_annotations`, or set `homepage_enabled = false`"
}
