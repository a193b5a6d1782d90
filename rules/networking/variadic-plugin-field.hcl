summary    = "plugin has a field that the interpreter of Traefik cannot make"
convention = "C52"
severity   = "error"

select "text" {
  files   = param.plugin_files
  words   = ["..."]
  zones   = ["code"]
  # A parameter on a line of its own ends in a comma, and a function that is written there in a brace.
  matches = "(?m)(?:^[\\t ]+|\\bstruct *\\{ *(?:[^{}\\n]*; *)?)(?:[A-Za-z_]\\w*(?:, *[A-Za-z_]\\w*)* +)(?<at>(?:\\*|\\[\\d*\\]|map\\[[\\w.]+\\])*func\\((?:[^()]|\\([^()]*\\))*\\.\\.\\.(?:[^()]|\\([^()]*\\))*\\)(?:(?:(?:interface|struct)\\{\\}|[^\\n{}])*(?:\\{\\}|[^\\s{},;]))?)[ \\t\\r;}]*$"
}

forbid "variadic" {
  path    = ""
  matches = "\\.\\.\\."
}

case "variadic" {
  message = "this plugin is interpreted, and the interpreter of Traefik panics on a field with a variadic function: no request gets through"
  help    = "make the last parameter a slice: `func(args []T)`"
}
