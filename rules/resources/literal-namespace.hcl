summary    = "namespace that the module creates is named by its text"
convention = "C46"
severity   = "info"
facts      = "stack"

select "resource" { types = ["kubernetes_*", "kubectl_manifest", "helm_release"] }

each "namespace" { path = ["metadata.namespace", "manifest.metadata.namespace", "yaml_body.metadata.namespace", "namespace"] }

# A local that holds the text is no reference to the namespace either.
unless {
  path      = "namespace"
  refers_to = ["*_*.*", "data.*", "module.*"]
  through   = true
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
  matches = "."

  # Of several, one has to be chosen; and what waits for something else may wait for this.
  fix {
    when {
      path    = "namespace"
      literal = true
      exists {
        in    = "single_namespaces"
        match = { reference = "{reference}", declared_in = "{module}" }
      }
    }
    expression = "{reference}.metadata[0].name"
  }
}

case "literal" {
  when {
    not {
      path    = "namespace"
      literal = true
    }
  }
  message = "`{value}` is no reference to the namespace: it does not make the first apply create that before what stands in it"
  help    = "write `{reference}.metadata[0].name`"
}

case "literal" {
  message = "`{namespace}` is a text: it does not make the first apply create the namespace before what stands in it"
  help    = "write `{reference}.metadata[0].name`"
}
