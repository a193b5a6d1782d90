summary    = "script or pipeline changes the cluster behind Terraform's back"
convention = "B37"
severity   = "info"
added      = "warning"

select "text" {
  files   = param.automation
  except  = param.telling_files
  words   = ["kubectl", "KUBECTL", "helm", "terraform"]
  # Words with spaces between them, or a list of texts as programs give one.
  matches = "(?m)(?P<at>(?P<found>(?:(?:\\bkubectl|\\$\\{?KUBECTL\\}?)(?:(?:(?:[ \\t]*\\\\\\r?\\n[ \\t]*|[ \\t]+)|[\"'], *[\"'])-{1,2}[\\w-]+(?:(?:[= ]|[\"'], *[\"'])[^\\s\"'-][^\\s\"']*)?)*(?:(?:[ \\t]*\\\\\\r?\\n[ \\t]*|[ \\t]+)|[\"'], *[\"'])(?P<verb>apply|edit|patch|set|scale|delete)\\b|\\bhelm(?:(?:[ \\t]*\\\\\\r?\\n[ \\t]*|[ \\t]+)-{1,2}[\\w-]+(?:[= ][^\\s-]\\S*)?)*(?:[ \\t]*\\\\\\r?\\n[ \\t]*|[ \\t]+)(?:upgrade|install)\\b|\\bterraform(?:(?:[ \\t]*\\\\\\r?\\n[ \\t]*|[ \\t]+)-chdir=\\S+)?(?:[ \\t]*\\\\\\r?\\n[ \\t]*|[ \\t]+)import\\b)))(?P<rest>(?:\\\\\\r?\\n|[^\\n])*)"
  zones   = ["code", "string"]
}

unless {
  text     = "{rest}"
  contains = "--dry-run"
}

# A text that tells people of it; what is filled into one is run.
unless {
  text    = "{before}"
  matches = "\\b(?:echo|printf|print|log|info|warn|error|die|fail|usage)\\b[^|;&]*[\"'][^\"'$`|;&]*$"
}

forbid "command" {
  text    = "{found}"
  matches = "."
}

case "command" {
  when {
    path    = "verb"
    present = true
    all {
      text    = "{found}"
      matches = "\\n"
    }
  }
  message = "`kubectl {verb}` changes the cluster, and Terraform does not know: the next apply takes it back, or reports it as drift"
  help    = "say it in a stack, or in a control comment why this cannot be there"
}

case "command" {
  message = "`{found}` changes the cluster, and Terraform does not know: the next apply takes it back, or reports it as drift"
  help    = "say it in a stack, or in a control comment why this cannot be there"
}
