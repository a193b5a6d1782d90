summary    = "pipeline builds an image in the cluster, by a command"
convention = "B24"
severity   = "error"
facts      = "repo"

select "row" { of = "calls" }

where {
  path   = "program"
  one_of = [param.build_commands, param.starters]
}

where {
  path    = "command.words[*]"
  matches = param.build_programs
}

unless {
  path   = "command.words[*]"
  one_of = param.build_others
}

# One command, however many of its words say so.
require "build" {
  not {
    path = "command.words[*]"
    like = param.build_words
  }
}

case "build" {
  message = "this builds an image in the cluster, on the disks and the network that everything else lives on"
  help    = "build it in `.github/workflows`, and let this pipeline only roll it out"
}
