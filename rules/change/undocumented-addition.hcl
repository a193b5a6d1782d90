summary    = "addition to a stack whose documentation stays as it was"
convention = "B56"
severity   = "warning"

check "undocumented_change" {
  types     = param.documented_types
  modules   = param.documented_modules
  documents = param.documents
  history   = param.history
}

case "undocumented" {
  message = "`{address}` is new in stack `{stack}`, and `{document}`{others}, which speak of the stack, stay as they were"
  help    = "add it to `{document}`, or to another page that speaks of `{stack}`"
}
