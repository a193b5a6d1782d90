summary    = "script or pipeline changes the cluster behind Terraform's back"
convention = "B37"
severity   = "info"
added      = "warning"

select "text" {
  files   = param.automation
  except  = param.telling_files
  words   = ["kubectl", "KUBECTL", "helm", "terraform"]
  # Words with spaces between them, or a list of texts as programs give one.
  matches = "(?m)(?P<at>(?P<found>(?:\\bkubectl|\\$\\{?KUBECTL\\}?)(?:(?: +|[\"'], *[\"'])-{1,2}[\\w-]+(?:(?:[= ]|[\"'], *[\"'])[^\\s\"'-][^\\s\"']*)?)*(?: +|[\"'], *[\"'])(?:apply|edit|patch|set|scale|delete)\\b|\\bhelm(?: +-{1,2}[\\w-]+(?:[= ][^\\s-]\\S*)?)* +(?:upgrade|install)\\b|\\bterraform(?: +-chdir=\\S+)? +import\\b))(?P<rest>[^\\n]*)"
  zones   = ["code", "string"]
}

unless {
  text     = "{rest}"
  contains = "--dry-run"
}

forbid "command" {
  text    = "{found}"
  matches = "."
}

case "command" {
  message = "`{found}` changes the cluster, and Terraform does not know: the next apply takes it back, or reports it as drift"
  help    = "say it in a stack, or in a control comment why this cannot be there"
}
