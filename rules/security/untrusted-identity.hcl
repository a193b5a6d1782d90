summary    = "security alert names an identity that nobody uses"
convention = "B55"
severity   = "error"

select "text" {
  files   = param.alert_files
  words   = param.alert_words
  matches = param.identity
  zones   = ["string", "code"]
}

# In YAML, where what is around it is not known, behind a comparison.
where {
  any {
    all {
      text   = "{key}"
      one_of = ["expr", "query"]
    }
    all {
      all {
        text  = "{key}"
        empty = true
      }
      all {
        text    = "{before}"
        matches = "(?:!~|=~|!=|[^=]=)\\s*\\\\?[\"'`][^\"'`]*$"
      }
    }
  }
}

# Of several: `(me|you)`.
let "names" {
  path    = "user"
  capture = "[A-Za-z0-9._+-][A-Za-z0-9._+|-]*"
}

each "identity" {
  path  = "names"
  split = "|"
}

require "stranger" {
  derive = false
  path   = "identity"
  one_of = param.trusted_users
  at     = ""
}

case "stranger" {
  message = "a security query names the identity `{identity}`, which never logs in: it excuses, or waits for, nobody"
  help    = "name the identity that logs in, or extend `trusted_users` in `params \"security\"`"
}
