summary    = "namespace that the module creates is named by its text"
convention = "C46"
severity   = "info"
facts      = "stack"

select "resource" { types = ["kubernetes_*", "helm_release"] }

each "namespace" { path = ["metadata.namespace", "manifest.metadata.namespace", "namespace"] }

where {
  path    = "namespace"
  literal = true
}

let "reference" {
  in     = "namespaces"
  match  = { named = "{namespace}", module = "{module}" }
  column = "reference"
}

where {
  text    = "{reference}"
  matches = "."
}

# `depends_on` orders as well: on the namespace, or on something that stands in it.
unless {
  path    = "depends_on"
  present = true
}

forbid "literal" {
  path    = "namespace"
  literal = true

  # Of several, one has to be chosen; and what waits for something else may wait for this.
  fix {
    when {
      exists {
        in    = "single_namespaces"
        match = { reference = "{reference}", declared_in = "{module}" }
      }
    }
    expression = "{reference}.metadata[0].name"
  }
}

case "literal" {
  message = "`{namespace}` is a text: it does not make the first apply create the namespace before what stands in it"
  help    = "write `{reference}.metadata[0].name`"
}
