summary    = "pin on something that is no longer there"
convention = "E27"
severity   = "warning"
facts      = "repo"

# A stack is known by the file that includes the root.
select "block" {
  type  = "include"
  files = ["**/terragrunt.{hcl,hcl.json}"]
}

where {
  exists {
    in    = "setting_pins"
    match = { pinned_stack = "{stack}" }
  }
}

each "pin" { texts = param.settings }

let "pinned_file" {
  path    = "pin"
  capture = "^(?<value>\\S+) "
}

let "setting" {
  path    = "pin"
  capture = "(?<value>\\S+)$"
}

where {
  text = "{pinned_file}"
  like = ["stacks/{stack}/*"]
}

require "gone" {
  exists {
    in    = "settings"
    match = { file = "{pinned_file}", setting = "{setting}" }
  }
}

case "gone" {
  message = "a pin on `{setting}` is stale: `{pinned_file}` does not set it, and nothing watches the value any more"
  help    = "correct the pin in `params \"pinned\"`, and `setting_pattern`; if the setting is gone for good, delete it"
}
