summary  = "`serve_stale` of CoreDNS is given something else than a mode after its duration"
severity = "error"

select "text" {
  files   = ["**/*.{tf,tf.json,yaml,yml,tpl,tftpl}", "**/Corefile*"]
  words   = ["serve_stale"]
  zones   = ["code", "string"]
  # Also behind the key of a chart's value, and where a line is written as `\n`.
  matches = "(?m)(?:^|\\\\n|[:\"'{])[\\t ]*serve_stale[\\t ]+[0-9][0-9a-z.]*[\\t ]+(?<at>(?<mode>[A-Za-z0-9][A-Za-z0-9._-]*))[\\t ]*(?:[#\"'}\\\\].*)?$"
}

require "mode" {
  path   = ""
  one_of = ["immediate", "verify"]
}

case "mode" {
  message = "`{mode}` is no mode of refreshing: CoreDNS does not load this Corefile, and with the next restart of it no name is resolved"
  help    = "`serve_stale` takes one duration, and after that `immediate` or `verify`"
}
