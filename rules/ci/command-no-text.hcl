summary    = "command of a pipeline is no text to YAML"
convention = "B26"
severity   = "error"
yields_to  = ["ci/unquoted-variables"]

select "file" { files = param.pipelines }

each "step" { path = ["steps[*]", "services[*]"] }

each "command" { path = "step.commands[*]" }

let "named" {
  path    = "step.name"
  default = "{step_key}"
}

forbid "keys" {
  path           = "command"
  items_at_least = 1
}

case "keys" {
  message = "a command of the step `{named}` is no text to YAML, which takes what stands before a colon and a space for a key: Woodpecker refuses the pipeline"
  help    = "put the command in quotes, `- '…'`, or in a block: `- |`"
}
