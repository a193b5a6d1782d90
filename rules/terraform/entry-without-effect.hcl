summary    = "entry of `ignore_changes` goes into a block that the code does not have, and has no effect"
severity   = "error"

select "resource" { types = ["*"] }

each "entry" { ignored = true }

# Manifests are values and have no blocks; of the DNS config of pods `kyverno/dns-config-not-ignored` says so.
unless {
  text    = "{kind} {entry}"
  matches = "manifest |\\.dns_config\\["
}

where {
  text    = "{entry_parent}"
  matches = "\\["
}

require "absent" {
  at      = "entry"
  path    = "{entry_parent}"
  present = true

  # An empty list would be left of one entry.
  fix {
    when {
      path    = "lifecycle.ignore_changes[1]"
      present = true
    }
    delete = "entry"
  }
}

case "absent" {
  message = "Terraform accepts this entry and ignores nothing: `{name}` has no `{entry_parent}` in the code"
  help    = "take it out, or name what is there: of several blocks the first has the number 0"
}
