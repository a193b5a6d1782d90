summary    = "security alert names an identity that nobody uses"
convention = "B55"
severity   = "error"

select "text" {
  files   = param.alert_files
  words   = param.alert_words
  matches = param.identity
  zones   = ["string", "code"]
}

where {
  path   = "key"
  one_of = ["expr", "query"]
}

require "stranger" {
  derive = false
  path   = "user"
  one_of = param.trusted_users
}

case "stranger" {
  message = "a security query names the identity `{user}`, which never logs in: it excuses, or waits for, nobody"
  help    = "name the identity that logs in, or extend `trusted_users` in `params \"security\"`"
}
