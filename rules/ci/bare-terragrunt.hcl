summary    = "pipeline calls Terragrunt without the wrapper"
convention = "B38"
severity   = "error"

select "selector" { of = "command" }

where {
  path    = "command.name"
  matches = "(?:^|/)terragrunt$"
}

forbid "bare" {
  path   = "command.words[*]"
  one_of = ["plan", "apply", "destroy", "refresh", "import"]
}

case "bare" {
  message = "`terragrunt {value}` without the wrapper has no address of the state: every stack fails to connect"
  help    = "call `scripts/tg {value}` instead"
}
