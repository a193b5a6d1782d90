summary  = "step of a pipeline says that a command has failed, and ends well"
severity = "warning"
facts    = "repo"

# All that is done where the command failed is to say so.
select "text" {
  files   = param.pipelines
  words   = ["=$?"]
  matches = "(?m)^[ \\t]*(?:then|else|if[ \\t][^\\n]*;[ \\t]*then)[ \\t]*\\n(?:[ \\t]*(?:echo|printf|cat|tail|head)\\b[^\\n]*\\n)*?[ \\t]*(?<at>echo[ \\t][^\\n]*(?i:fail|error)[^\\n]*\\$\\{?(?<status>[A-Za-z_]\\w*)\\}?[^\\n]*)\\n(?:[ \\t]*(?:echo|printf|cat|tail|head)\\b[^\\n]*\\n)*[ \\t]*(?:fi|else)\\b"
  zones   = ["code"]
}

# It is the status of a command that may fail.
where {
  exists {
    in    = "kept_statuses"
    match = { pipeline = "{file}", status = "{status}" }
  }
}

forbid "said" {
  not {
    exists {
      in    = "passed_statuses"
      match = { pipeline = "{file}", status = "{status}" }
    }
  }
}

case "said" {
  message = "the step goes on and ends well: who reads its result, and not its log, never hears that `{status}` was not 0"
  help    = "keep what failed (`FAILED=\"$FAILED $name\"`), and `exit 1` at the end where there is any"
}
