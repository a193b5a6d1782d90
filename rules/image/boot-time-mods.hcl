summary    = "container installs more software each time it starts"
convention = "B22"
severity   = "warning"
facts      = "stack"

select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet", "CronJob"] }

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

each "pod" { path = ["spec.template.spec", "spec.jobTemplate.spec.template.spec"] }

each "container" { path = ["pod.containers", "pod.initContainers"] }

where {
  path = "container.image"
  like = [param.chowning_images]
}

each "source" { path = ["container.env", "container.envFrom"] }

let "mods" { text = param.mods_variable }

# A ConfigMap, as a whole or one key of it.
let "config" { path = ["source.configMapRef.name", "source.valueFrom.configMapKeyRef.name"] }

let "config_key" {
  path    = "source.valueFrom.configMapKeyRef.key"
  default = "{mods}"
}

let "given" {
  in     = "kubernetes.config_values"
  match  = { namespace = "{namespace}", config = "{config}", key = "{config_key}" }
  column = "value"
}

where {
  any {
    all {
      path   = "source.name"
      equals = "{mods}"
    }
    all {
      all {
        path = "source.configMapRef"
      }
      all {
        path    = "given"
        present = true
      }
      # What is set by itself wins, and in front of the key may stand more.
      not {
        path   = "container.env[*].name"
        equals = "{mods}"
      }
      not {
        path    = "source.prefix"
        matches = "."
      }
    }
  }
}

forbid "mods" {
  path    = "source.value"
  matches = "."
}

forbid "mods" {
  path    = "given"
  matches = "."
  at      = "config"
}

case "mods" {
  message = "`{mods}` downloads `{value}` at every start: the app is down for as long as that is slow or away"
  help    = "build an image with it, or set `{mods}` to nothing"
}
