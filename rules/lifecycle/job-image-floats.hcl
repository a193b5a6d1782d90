summary    = "job runs whatever its tag points to, and cannot be run again as it was"
convention = "C22"
severity   = "warning"

select "object" { kinds = ["Job"] }

each "blocks" { texts = { container = "containers", init_container = "initContainers" } }

each "container" { path = "spec.template.spec.{blocks_value}" }

# What the repo floats on purpose.
unless {
  path = "container.image"
  like = param.floating_images
}

unless {
  ignored { field = "spec[0].template[0].spec[0].{blocks}[{container_index}].image" }
}

forbid "floats" {
  path    = "container.image"
  matches = ":latest$|^[^:@]*$|:[0-9]+/[^:@]*$"
}

case "floats" {
  when {
    text   = "{kind}"
    equals = "Job"
  }
  message = "job `{name}` runs `{value}`, which moves: when the job is replaced, other code runs, and a pin replaces it too"
  help    = "pin the image"
}

case "floats" {
  message = "job `{name}` runs `{value}`, which moves: when the job is replaced, other code runs, and a pin replaces it too"
  help    = "pin the image, or add `spec[0].template[0].spec[0].{blocks}[{container_index}].image` to `ignore_changes`"
}
