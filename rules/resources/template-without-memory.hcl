summary    = "workload in a template does not say how much memory it needs, or limits its cores"
convention = "C67"
severity   = "warning"

select "text" {
  files   = param.ingress.templates
  words   = ["resource"]
  matches = "(?ms)^resource +(?P<at>\"kubernetes_(?:deployment|stateful_set|daemon_set|daemonset|job|cron_job)(?:_v1)?\") +\"[^\"\\n]+\" *\\{(?P<body>.*?)^\\}"
  zones   = ["comment", "code", "string", "prose"]
}

# In a document inside, a brace may stand at the beginning of a line.
unless {
  text     = "{body}"
  contains = "<<"
}

require "memory" {
  text    = "{body}"
  matches = "\\blimits\\s*(?:=\\s*)?\\{[^{}]*\\bmemory\"?\\s*="
}

forbid "cores" {
  text    = "{body}"
  matches = "\\blimits\\s*(?:=\\s*)?\\{[^{}]*\\bcpu\"?\\s*="
}

case "memory" {
  message = "whoever copies this template has containers without a memory limit: how much they get is decided elsewhere"
  help    = "add `resources` with `memory` under `requests` and `limits`"
}

case "cores" {
  message = "whoever copies this template limits the cores of a container, which throttles it while the node idles"
  help    = "remove `cpu` from `limits` and keep it in `requests`"
}
