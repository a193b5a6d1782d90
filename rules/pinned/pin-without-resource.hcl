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
    in    = "attribute_pins"
    match = { pinned_stack = "{stack}" }
  }
}

each "pin" { texts = param.attributes }

let "block" {
  path    = "pin"
  capture = "^(?<value>\\S+ \\S+) "
}

let "pinned_address" {
  path    = "pin"
  capture = "^\\S+ (?<value>\\S+) "
}

where {
  text = "{block}"
  like = ["{stack} *"]
}

require "gone" {
  exists {
    in    = "pinned_blocks"
    match = { block = "{block}" }
  }
}

case "gone" {
  message = "a pin on `{pinned_address}` is stale: stack `{stack}` has no such resource, and nothing watches the value any more"
  help    = "correct the pin in `params \"pinned\"`; if the resource is gone for good, delete it"
}
