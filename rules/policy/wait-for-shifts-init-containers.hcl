summary    = "ignored image of an init container whose position Kyverno may shift"
convention = "D19"
severity   = "info"

select "resource" {
  types = [
    "kubernetes_deployment", "kubernetes_deployment_v1", "kubernetes_stateful_set", "kubernetes_stateful_set_v1",
    "kubernetes_daemonset", "kubernetes_daemon_set_v1",
  ]
}

each "key" { texts = [param.wait_for] }

where {
  path    = "spec.template.metadata.annotations[\"{key}\"]"
  present = true
}

each "init" { path = "spec.template.spec.init_container" }

forbid "positional" {
  derive = false
  ignored {
    field   = "spec[0].template[0].spec[0].init_container[{init_index}].image"
    exactly = true
  }
  related = { "spec.template.metadata.annotations[\"{key}\"]" = "Kyverno adds an init container for each of these" }
}

case "positional" {
  message = "`{address}` ignores the image of init container {init_index} by position, and `{key}` adds init containers: another one may stand there"
  help    = "compare the position with the live pod's"
}
