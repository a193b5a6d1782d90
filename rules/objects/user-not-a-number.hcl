summary  = "pod must not run as root, and only its image says as whom it runs"
severity = "warning"

select "selector" { of = "kubernetes.pod" }

each "container" { path = ["pod.containers", "pod.initContainers"] }

let "named" { path = "container.name" }

# What a container says outvotes what its pod says.
where {
  any {
    all {
      path   = "container.securityContext.runAsNonRoot"
      equals = true
    }
    all {
      all {
        path   = "pod.securityContext.runAsNonRoot"
        equals = true
      }
      all {
        path    = "container.securityContext.runAsNonRoot"
        present = false
      }
    }
  }
}

require "unnumbered" {
  path    = ["container.securityContext.runAsUser", "pod.securityContext.runAsUser"]
  present = true
  at      = ["container.securityContext.runAsNonRoot", "pod.securityContext.runAsNonRoot"]
}

case "unnumbered" {
  message = "container `{named}` must not be root, and does not say who it is: where its image names its user by a word, the kubelet cannot tell, and does not start it"
  help    = "write `run_as_user` with the number of that user beside it"
}
