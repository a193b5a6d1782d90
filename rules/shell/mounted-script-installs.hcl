summary    = "cron job runs a script that installs packages at every run"
convention = "B49"
severity   = "warning"
facts      = "stack"

select "object" { kinds = ["CronJob"] }

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

let "schedule" {
  path    = "spec.schedule"
  default = "…"
}

let "pod" { path = "spec.jobTemplate.spec.template.spec" }

each "config_map" { path = "pod.volumes[*].configMap.name" }

each "command" {
  path = [
    "pod.containers[*].command[*]", "pod.containers[*].args[*]",
    "pod.initContainers[*].command[*]", "pod.initContainers[*].args[*]",
  ]
}

# Only what the command names is run.
let "install" {
  in     = "installing_scripts"
  match  = { named = "{config_map}", namespace = "{namespace}" }
  covers = { run_by = "{command}" }
  column = "install"
}

forbid "installs" {
  exists {
    in     = "installing_scripts"
    match  = { named = "{config_map}", namespace = "{namespace}" }
    covers = { run_by = "{command}" }
  }
  at = "command"
}

case "installs" {
  severity = "info"
  when {
    path   = "spec.suspend"
    equals = true
  }
  message = "a script in `{config_map}` runs `{install}` at every run of `{schedule}`, were it not suspended"
  help    = "build an image that holds the packages before it runs again"
}

case "installs" {
  message = "a script in `{config_map}` runs `{install}` at every run of `{schedule}`: it is as slow and as available as the mirror, and writes to the node's disk each time"
  help    = "build an image that holds the packages, or take one that does"
}
