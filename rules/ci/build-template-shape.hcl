summary    = "template of workflows builds images in a way that the registry or the cluster cannot handle"
convention = "B23"
severity   = "error"

select "file" {
  files = param.build_templates
  reads = "yaml_template"
}

each "step" { path = "jobs.*.steps[*]" }

where {
  path    = "step.uses"
  matches = "(?i)^docker/build-push-action@"
}

# What is pushed nowhere only shows that it can be built.
unless {
  path   = "step.with.push"
  equals = false
}

let "platform" { text = param.platform }

require "platform" {
  path      = "step.with.platforms"
  present   = true
  underline = "key"
}

require "platform" {
  when {
    path    = "step.with.platforms"
    present = true
  }
  path    = "step.with.platforms"
  matches = "^\\s*{platform}\\s*$"

  fix { replace = "{platform}" }
}

require "provenance" {
  path      = "step.with.provenance"
  present   = true
  underline = "key"
}

require "provenance" {
  when {
    path    = "step.with.provenance"
    present = true
  }
  path   = "step.with.provenance"
  equals = false

  fix { replace = "false" }
}

case "platform" {
  message = "the cluster runs `{platform}` alone: an image for more is an index, of which the registry's clean-up leaves parts behind"
  help    = "write `platforms: {platform}`"
}

case "provenance" {
  message = "without `provenance: false` every image that is made from this is an index with attestations: the registry's clean-up leaves parts of it behind"
  help    = "write `provenance: false`"
}
