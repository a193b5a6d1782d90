summary    = "step asks for its secrets by a key that Woodpecker no longer reads"
severity   = "warning"

select "file" { files = param.pipelines }

each "step" { path = ["steps[*]", "services[*]", "clone[*]"] }

forbid "unread" {
  path      = "step.secrets"
  present   = true
  underline = "key"
  derive    = false
}

case "unread" {
  message = "`secrets` is not read by Woodpecker 3: the step runs without them, and each is empty"
  help    = "write each in the step's `environment`, as `NAME: {{ from_secret: name }}`"
}
