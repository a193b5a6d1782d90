summary  = "text of an alert names a variable that nobody gives it"
severity = "error"
facts    = "repo"

select "row" { of = "alerts" }

unless {
  exists { in = "other_languages" }
}

each "text" {
  path  = ["annotations[*]", "labels[*]"]
  reads = "go_template"
}

each "variable" { path = "text.variables[*].name" }

require "unknown" {
  path   = "variable"
  one_of = param.template_variables
}

case "unknown" {
  when {
    path    = "near"
    present = true
  }
  message = "nothing gives the texts of an alert `$${variable}`: Prometheus refuses the whole file"
  help    = "write `$${near}`"
}

case "unknown" {
  message = "nothing gives the texts of an alert `$${variable}`: Prometheus refuses the whole file"
  help    = "they are given `$labels`, `$value`, `$externalLabels` and `$externalURL`"
}
