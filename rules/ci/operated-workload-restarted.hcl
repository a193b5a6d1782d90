summary    = "workload that an operator rolls is restarted by hand"
convention = "E22"
severity   = "error"
facts      = "repo"

select "text" {
  files   = [param.automation, param.runbooks]
  words   = ["rollout restart", "set image"]
  matches = "\\bkubectl\\b(?:\\\\\\r?\\n|[^\\n|;&])*?\\b(?P<verb>rollout +restart|set +image)\\b(?:\\\\\\r?\\n|[^\\n|;&])*?\\b(?:sts|statefulsets?)(?:\\.apps)?[/ ](?: *--?[\\w-]+(?:[= ][\\w.-]+)? +)*[\"']?(?P<at>(?P<named>[\\w.-]+))"
  zones   = ["code", "string", "prose"]
}

forbid "operated" {
  exists {
    in    = "operated"
    match = { named = "{named}" }
  }
}

case "operated" {
  when {
    text = "{file}"
    like = "*.md"
  }
  severity = "warning"
  message  = "`kubectl {verb}` of `{named}` goes behind its operator's back: that one takes it back, or restarts all members at once"
  help     = "change what the operator reads, and let it roll"
}

case "operated" {
  message = "`kubectl {verb}` of `{named}` goes behind its operator's back: that one takes it back, or restarts all members at once"
  help    = "change what the operator reads, and let it roll"
}
