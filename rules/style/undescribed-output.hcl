summary  = "output has no description"
severity = "info"
facts    = "stack"

select "block" {
  type     = "output"
  left_out = true
}

require "undescribed" {
  path      = "description"
  matches   = "\\S"
  underline = "subject"
}

case "undescribed" {
  message = "output `{name}` has no description: whoever calls the module has to read it to know what it gives"
  help    = "write `description = \"…\"`"
}
