summary    = "clean-up of a registry leaves fewer images than somebody may have to go back to"
convention = "B23"
severity   = "warning"

select "file" {
  files = [param.workflows, param.actions, param.build_templates]
  reads = "yaml_template"
}

each "step" { path = ["jobs.*.steps[*]", "runs.steps[*]"] }

each "action" { texts = param.clean_ups }

where {
  path    = "step.uses"
  matches = "^{action}@"
}

# Certain versions, or only such as have no name or are none yet.
unless {
  path    = "step.with[\"package-version-ids\"]"
  present = true
}

unless {
  path   = ["step.with[\"delete-only-untagged-versions\"]", "step.with[\"delete-only-pre-release-versions\"]"]
  equals = true
}

let "enough" { text = param.kept_versions }

require "few" {
  when {
    path    = "step.with[\"{action_value}\"]"
    present = true
  }
  path     = "step.with[\"{action_value}\"]"
  as       = "number"
  at_least = param.kept_versions

  fix { replace = "{enough}" }
}

require "unsaid" {
  path      = "step.with[\"{action_value}\"]"
  present   = true
  underline = "key"

  fix { beneath = { "step.with[*]" = "{action_value}: {enough}" } }
}

case "few" {
  message = "the clean-up leaves no more than {value}: whoever has to go back further than that finds nothing"
  help    = "write the number of the param `kept_versions`, or more"
}

case "unsaid" {
  message = "the clean-up deletes old images at every run, and nothing says how many stay"
  help    = "write `{action_value}`, with the number of the param `kept_versions` or more"
}
