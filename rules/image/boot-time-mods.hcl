summary    = "container installs more software each time it starts"
convention = "B22"
severity   = "warning"

select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet", "CronJob"] }

each "pod" { path = ["spec.template.spec", "spec.jobTemplate.spec.template.spec"] }

each "container" { path = ["pod.containers", "pod.initContainers"] }

where {
  path = "container.image"
  like = [param.chowning_images]
}

each "variable" { path = "container.env" }

let "mods" { text = param.mods_variable }

where {
  path   = "variable.name"
  equals = "{mods}"
}

forbid "mods" {
  path    = "variable.value"
  matches = "."
}

case "mods" {
  message = "`{mods}` downloads `{value}` at every start: the app is down for as long as that is slow or away"
  help    = "build an image with it, or set `{mods}` to nothing"
}
