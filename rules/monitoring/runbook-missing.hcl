summary    = "alert leads to a document that does not exist"
convention = "E19"
severity   = "warning"
facts      = "repo"

select "row" { of = "prometheus.alerts" }

each "annotation" { path = "annotations[*]" }

each "word" {
  path  = "annotation"
  split = " "
}

let "document" {
  path    = "word"
  capture = param.runbook_path
}

where {
  path    = "document"
  present = true
}

require "missing" {
  derive = false
  path   = "document"
  in     = "documents.document"
}

case "missing" {
  when {
    path    = "near"
    present = true
  }
  message = "`{document}` does not exist: whoever is woken by `{alert}` is led nowhere"
  help    = "write `{near}` if that is meant, or write the document"
}

case "missing" {
  message = "`{document}` does not exist: whoever is woken by `{alert}` is led nowhere"
  help    = "write the document, or lead to another one"
}
