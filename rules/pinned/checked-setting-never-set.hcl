summary    = "check looks for a setting that nothing sets"
convention = "D23"
severity   = "warning"
facts      = "repo"

select "row" { of = "checked_settings" }

require "never_set" {
  derive = false
  path   = "setting"
  in     = "written_settings.setting"
}

case "never_set" {
  message = "nothing sets `{value}` on a new node: the check reports it as lost on every one"
  help    = "set it in the script that tunes new nodes, or take it out of the check"
}
