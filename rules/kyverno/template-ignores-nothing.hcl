summary    = "workload in a template does not ignore what Kyverno changes, or does not mark it"
convention = "C67"
severity   = "warning"

select "text" {
  files   = param.ingress.templates
  words   = ["resource"]
  matches = "(?ms)^(?P<at>resource +\"(?P<type>kubernetes_(?:deployment|stateful_set|daemon_set|daemonset|job|cron_job)(?:_v1)?)\" +\"[^\"\\n]+\") *\\{(?P<body>.*?)^\\}"
  zones   = ["comment", "code", "string", "prose"]
}

# In a document inside, a brace may stand at the beginning of a line.
unless {
  text     = "{body}"
  contains = "<<"
}

require "missing" {
  text    = "{body}"
  matches = param.template_ignore
}

require "unmarked" {
  when {
    text    = "{body}"
    matches = param.template_ignore
  }
  text     = "{body}"
  contains = param.template_marker
}

case "missing" {
  message = "whoever copies this template has a workload that every plan changes back: `kyverno/dns-config-not-ignored` stops it"
  help    = "add `lifecycle {{ ignore_changes = [ … ] }}` with the path of its `dns_config` and the marker of the param `template_marker`"
}

case "unmarked" {
  message = "whoever copies this template ignores what Kyverno changes and does not mark it: `kyverno/missing-marker` stops it"
  help    = "write the marker of the param `template_marker` behind the entry"
}
