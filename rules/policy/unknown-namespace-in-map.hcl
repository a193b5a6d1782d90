summary    = "table by namespace has a namespace that the repo does not have"
convention = "D21"
severity   = "info"
facts      = "repo"

select "block" { type = "locals" }

each "map" { texts = param.namespace_maps }

each "entry" { path = "{map}[*]" }

let "namespace" { text = "{entry_key}" }

unless {
  path   = "namespace"
  one_of = param.foreign_namespaces
}

require "unknown" {
  path      = "namespace"
  in        = "declared_namespaces.named"
  at        = "entry"
  underline = "key"

  # Of two entries for one namespace the last would count.
  fix {
    when {
      all {
        path    = "near"
        present = true
      }
      not {
        path    = "{map}[\"{near}\"]"
        present = true
      }
    }
    replace = "{near}"
  }

  fix { delete = "entry" }
}

case "unknown" {
  message = "`{map}` has an entry for namespace `{namespace}`, which nothing in the repo declares: nobody reads the entry"
  help    = "delete it, or correct it: the nearest is `{near}`"
}
