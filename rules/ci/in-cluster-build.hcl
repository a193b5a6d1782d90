summary    = "pipeline builds an image in the cluster"
convention = "B24"
severity   = "error"

select "selector" { of = "step" }

forbid "plugin" {
  path    = "step.image"
  matches = param.build_plugins
}

case "plugin" {
  message = "`{value}` builds an image in the cluster, on the disks and the network that everything else lives on"
  help    = "build it in `.github/workflows`, and let this pipeline only roll it out"
}
