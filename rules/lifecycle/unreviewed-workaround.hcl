summary    = "workaround does not say why it is there, or when somebody last looked at it"
convention = "C24"
severity   = "warning"

select "text" {
  words   = [param.workaround]
  zones   = ["comment"]
  # A block comment goes on to its end, and no line of it needs a mark of its own.
  matches = "(?m)(?:#|//|(?<block>/\\*+))[\\s*]*(?<at>DRIFT_WORKAROUND)(?<line>[^\\n]*(?:\\n\\s*(?:#|//)[ \\t]*(?:[^D\\s]|D[^R\\n]|DR[^I\\n])[^\\n]*)*)(?<more>(?:[^*D]|\\*+[^*/D]|D[^R])*?\\*/)?"
}

let "opened" {
  path    = "block"
  default = ""
}

let "further" {
  path    = "more"
  default = ""
}

let "whole" { text = "{opened}{line}{further}" }

let "said" {
  path    = "whole"
  capture = "(?s)^/\\*+(?<value>.*?)(?:\\*/|$)"
  default = "{line}"
}

let "reason" {
  path    = "said"
  capture = "(?is)^:[\\s#/*]*(?:Reviewed:?[\\s#/*]*[\\d-]+)?(?<value>.*?)(?:Reviewed:?[\\s#/*]*\\d|$)"
  default = ""
}

let "reviewed" {
  path    = "said"
  capture = "(?i)Reviewed:?[\\s#/*]*(?<value>\\d{4}-\\d{2}-\\d{2})"
  default = ""
}

require "unexplained" {
  text    = "{reason}"
  matches = "\\pL{3}"
}

require "undated" {
  text    = "{reviewed}"
  matches = "."
}

forbid "long_ago" {
  text    = "{reviewed}"
  matches = param.long_ago
}

case "unexplained" {
  message = "this workaround does not say what it works around: nobody can tell whether it is still needed"
  help    = "write what differs and why after a colon, and `Reviewed <date>.`"
}

case "undated" {
  message = "this workaround does not say when somebody last looked whether it is needed"
  help    = "end it with a date: `Reviewed 2026-04-18.`"
}

case "long_ago" {
  severity = "info"
  message  = "nobody has looked at this workaround since {reviewed}: what it works around may be gone"
  help     = "look whether it is still needed, and write the day"
}
