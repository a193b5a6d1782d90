summary  = "variable has no description"
severity = "info"
facts    = "stack"

select "block" {
  type     = "variable"
  left_out = true
}

require "undescribed" {
  path      = "description"
  matches   = "\\S"
  underline = "subject"
}

case "undescribed" {
  message = "variable `{name}` has no description: whoever calls the module has to read it to know what it takes"
  help    = "write `description = \"…\"`"
}
