summary  = "text of an alert is no template that Prometheus could read"
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

let "reason" { path = "text.fault" }

let "remedy" { path = "text.help" }

forbid "refused" { path = "text.fault" }

require "called" {
  path   = "text.functions[*]"
  one_of = param.template_functions
  every  = true
}

case "refused" {
  when {
    path    = "remedy"
    present = true
  }
  message = "this text is no template, and Prometheus refuses the whole file: {reason}"
  help    = "{remedy}"
}

case "refused" { message = "this text is no template, and Prometheus refuses the whole file: {reason}" }

case "called" {
  when {
    path    = "near"
    present = true
  }
  message = "templates of alerts have no function `{value}`: Prometheus refuses the whole file"
  help    = "write `{near}`"
}

case "called" {
  message = "templates of alerts have no function `{value}`: Prometheus refuses the whole file"
  help    = "what stands alone between `{{{{` and `}}}}` is a function: a label is `$labels.NAME`, the value is `$value`"
}
