summary    = "values of a chart limit the cores of a container"
convention = "B39"
severity   = "warning"
reads      = ["**/kyverno/**/*.{tf,tf.json}"]

select "resource" { types = ["helm_release"] }

# Admission takes the limit out only where the policy is.
where {
  exists {
    in = "stripping"
  }
}

# One by one: where it stands in values, and each `set`, as a block or in a list.
each "place" { path = ["values[*].**.limits", "set[*]", "set_sensitive[*]"] }

forbid "limit" {
  path      = "place.cpu"
  present   = true
  underline = "key"
}

forbid "limit" {
  when {
    path    = "place.name"
    matches = "(?:^|\\.)limits\\.cpu$"
  }
  when {
    not {
      path   = "place.value"
      equals = "null"
    }
  }
  path    = "place.value"
  present = true
  derive  = false
}

case "limit" {
  message = "a limit of `{value}` on cores throttles the container while the node idles, and admission strips it anyway"
  help    = "remove `cpu` from `limits` and keep it in `requests`; `cpu: null` removes the default of the chart"
}
