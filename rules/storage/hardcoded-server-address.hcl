summary    = "address is written out instead of the variable that every stack shares"
convention = "C36"
severity   = "warning"

select "text" {
  words   = param.server_words
  matches = "\"(?<at>(?<address>[0-9]{1,3}(\\.[0-9]{1,3}){3}))\""
  files   = ["**/*.tf"]
  zones   = ["string"]
}

where {
  path   = "key"
  one_of = param.server_keys
}

each "variable" { texts = param.server_addresses }

forbid "literal" {
  path   = "address"
  equals = "{variable_value}"
}

case "literal" {
  message = "`{address}` is written out, and stays behind when `var.{variable}` moves"
  help    = "write `var.{variable}`, and declare the variable if the module does not yet"
}
