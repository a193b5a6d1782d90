summary    = "script or pipeline rewrites history that others have"
convention = "C58"
severity   = "warning"
facts      = "repo"

select "text" {
  files   = param.automation
  words   = ["push", "-f"]
  matches = "(?m)(?P<said>\\b(?:echo|printf)\\b[^\\n;&|(`]*?)?(?:\\bgit(?:(?:[ \\t]|\\\\\\r?\\n)+-{1,2}[\\w-]+(?:[= ][^\\s-]\\S*)?)*(?:[ \\t]|\\\\\\r?\\n)+push\\b(?:(?:[ \\t]|\\\\\\r?\\n)+[^\\s|;&\\\\]+)*?(?:[ \\t]|\\\\\\r?\\n)+|\\b(?P<named>[A-Za-z_]\\w*)=\\(?[\"']?(?:[^\"'\\n]* )?)(?P<at>(?P<how>--force(?:-with-lease(?:=\\S+)?)?|-[a-eg-z]*f[a-z]*|\\+[\\w$/{\"][^\\s\"')]*))(?:[\\s\"')]|$)"
  zones   = ["code", "string"]
}

# What is only said.
unless {
  path    = "said"
  present = true
}

# Where it says which commit it expects there, git refuses if somebody has pushed another.
unless {
  text    = "{how}"
  matches = "^--force-with-lease=[\"']?(?:[^:$]|\\$\\w+|\\$+\\{\\w+\\})+:"
}

# Of a variable, only where it is pushed with.
unless {
  all {
    path    = "named"
    present = true
  }
  not {
    exists {
      in    = "push_words"
      match = { file = "{file}", pushed = "{named}" }
    }
  }
}

forbid "force" {
  text    = "{how}"
  matches = "."
}

case "force" {
  message = "`git push {how}` replaces what others have: their work is gone from the branch, and nobody is told"
  help    = "fetch, rebase, and push without it"
}
