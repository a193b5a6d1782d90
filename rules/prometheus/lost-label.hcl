summary  = "text of an alert names a label that its query does not keep"
severity = "warning"
facts    = "repo"

select "row" { of = "alerts" }

# Of a query that is refused nothing is known.
unless {
  path    = "query.fault"
  present = true
}

unless {
  exists { in = "other_languages" }
}

each "text" {
  path  = ["annotations[*]", "labels[*]"]
  reads = "go_template"
}

each "variable" { path = "text.variables[*]" }

where {
  path   = "variable.name"
  equals = "labels"
}

let "label" { path = "variable.field" }

where {
  path    = "label"
  present = true
}

forbid "lost" {
  any {
    all {
      path    = "query.kept"
      present = true
      not {
        path     = "query.kept"
        contains = "{label}"
      }
    }
    all {
      path     = "query.lost"
      contains = "{label}"
    }
  }
  at      = "label"
  related = { expr = "no label `{label}` comes out of this" }
}

case "lost" {
  message = "the query of `{alert}` keeps no label `{label}`: nothing stands here when it fires"
  help    = "add `{label}` to what the query keeps (`by`, `on`, `group_left`), or leave it out here"
}
