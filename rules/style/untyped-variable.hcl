summary  = "variable says no type"
severity = "warning"
facts    = "stack"

select "block" {
  type     = "variable"
  left_out = true
}

require "untyped" {
  path      = "type"
  present   = true
  underline = "subject"
}

case "untyped" {
  message = "variable `{name}` takes anything: what it is given is refused where it is used, and not where it is given"
  help    = "write `type = …`"
}
