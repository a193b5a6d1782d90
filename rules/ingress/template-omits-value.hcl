summary    = "template lists the values of an input, and not all of them"
convention = "C67"
severity   = "warning"

select "text" {
  files   = param.templates
  words   = ["dns_type", "auth"]
  matches = "(?m)^ *(?P<input>\\w+) *= *\"[^\"\\n]*\" *(?:#|//|/\\*) *(?P<at>(?P<said>[^\\n]*\"[^\\n\\r]*))"
  zones   = ["comment", "code", "string", "prose"]
}

each "known" { texts = param.template_values }

where {
  text   = "{input}"
  equals = "{known_value}"
}

require "omitted" {
  text     = "{said}"
  contains = "\"{known}\""

  fix {
    safety  = "display"
    replace = "{said}, \"{known}\" (TODO what it is for)"
  }
}

case "omitted" {
  message = "whoever copies this template does not learn that `{input}` can be `{known}`"
  help    = "name it in the comment, and what it is for"
}
