summary  = "container sets an environment variable twice"
severity = "warning"

select "selector" { of = "kubernetes.pod" }

each "container" { path = ["pod.containers", "pod.initContainers"] }

let "runs" { path = "container.name" }

each "variable" {
  path  = "container.env"
  again = "name"
}

forbid "again" {
  path    = "variable.name"
  present = true
  derive  = false
  related = { "variable_before.name" = "the variable is set here, too" }
}

case "again" {
  message = "container `{runs}` sets `{value}` twice: Kubernetes keeps one, so every plan moves all that stand behind it, and no apply ends that"
  help    = "delete the other one, which the last one hides"
}
