summary    = "pipeline builds an image in the cluster, by a command"
convention = "B24"
severity   = "error"

select "selector" { of = "command" }

where {
  path   = "command.name"
  one_of = param.build_commands
}

forbid "build" {
  path   = "command.words[*]"
  one_of = param.build_words
}

case "build" {
  message = "this builds an image in the cluster, on the disks and the network that everything else lives on"
  help    = "build it in `.github/workflows`, and let this pipeline only roll it out"
}
