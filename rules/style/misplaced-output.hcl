summary  = "output stands among other code"
severity = "info"
facts    = "stack"

select "block" {
  type     = "output"
  left_out = true
}

require "elsewhere" {
  text    = "{file}"
  matches = param.output_files
}

case "elsewhere" {
  message = "output `{name}` stands among other code, and not where whoever calls the module looks for it"
  help    = "move it to `outputs.tf`"
}
