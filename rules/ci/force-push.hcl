summary    = "script or pipeline rewrites history that others have"
convention = "C58"
severity   = "warning"

select "text" {
  files   = param.automation
  words   = ["push"]
  matches = "(?m)\\bgit(?: +-{1,2}[\\w-]+(?:[= ][^\\s-]\\S*)?)* +push\\b(?: +[^\\s|;&]+)*? +(?P<at>(?P<how>--force(?:-with-lease(?:=\\S+)?)?|-[a-eg-z]*f[a-z]*|\\+[\\w$/{\"][^\\s]*))(?:\\s|$)"
  zones   = ["code", "string"]
}

# Where it says which commit it expects there, git refuses if somebody has pushed another.
unless {
  text    = "{how}"
  matches = "^--force-with-lease=[\"']?(?:[^:$]|\\$\\w+|\\$+\\{\\w+\\})+:"
}

forbid "force" {
  text    = "{how}"
  matches = "."
}

case "force" {
  message = "`git push {how}` replaces what others have: their work is gone from the branch, and nobody is told"
  help    = "fetch, rebase, and push without it"
}
