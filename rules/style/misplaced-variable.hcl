summary  = "variable stands among other code"
severity = "info"
facts    = "stack"

select "block" {
  type     = "variable"
  left_out = true
}

require "elsewhere" {
  text    = "{file}"
  matches = param.variable_files
}

case "elsewhere" {
  message = "variable `{name}` stands among other code, and not where whoever calls the module looks for it"
  help    = "move it to `variables.tf`"
}
