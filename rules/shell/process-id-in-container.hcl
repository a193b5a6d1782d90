summary  = "`$$` in a container's command is no process id: Kubernetes makes one dollar of it"
severity = "warning"

select "selector" { of = "kubernetes.pod" }

each "container" { path = ["pod.containers[*]", "pod.initContainers[*]"] }

each "text" { path = ["container.command[*]", "container.args[*]"] }

where {
  path     = "text"
  contains = "/proc/$$"
}

let "used" {
  path    = "text"
  capture = "/proc/(?P<value>\\$\\$)(?:/|[\"' \\t\\n)]|$)"
}

forbid "halved" {
  path    = "used"
  present = true
}

case "halved" {
  message = "`$$` is one `$` when the shell runs, because Kubernetes makes one of two: there is no `/proc/$`, and what reads it fails"
  help    = "write `/proc/self`, or `$$$$` for the process id of the shell"
}
