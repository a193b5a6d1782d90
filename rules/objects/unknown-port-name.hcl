summary  = "probe asks a port by a name that no port of its container has"
severity = "error"

select "selector" { of = "kubernetes.pod" }

each "container" { path = ["pod.containers[*]", "pod.initContainers[*]"] }

each "probe" {
  path = [
    "container.livenessProbe", "container.readinessProbe", "container.startupProbe", "container.lifecycle.postStart",
    "container.lifecycle.preStop",
  ]
}

let "asked" { path = ["probe.httpGet.port", "probe.tcpSocket.port"] }

let "container_name" { path = "container.name" }

where {
  path    = "asked"
  matches = "[A-Za-z]"
}

require "unknown" {
  path   = "container.ports[*].name"
  equals = "{asked}"
  at     = "asked"
  derive = false
}

case "unknown" {
  message = "no port of container `{container_name}` is called `{asked}`: it cannot be asked, whatever the app does"
  help    = "write the number of the port, or declare one that is called so in the container"
}
