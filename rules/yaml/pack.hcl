summary = "YAML that a known program reads as it is: pipelines, compose files, manifests, rules of Prometheus, values of charts"

applies_when {
  file { path = "{.woodpecker,.github/workflows}/**/*.{yaml,yml}" }
}

applies_when {
  file { path = "**/{docker-compose,compose}*.{yaml,yml}" }
}

applies_when {
  file {
    path     = "**/*.{yaml,yml}"
    contains = "apiVersion:"
  }
}

applies_when {
  file {
    path     = "**/*.{yaml,yml,rules}"
    contains = "expr:"
  }
}

params {
  # What a program reads that is known by the name of the file.
  named_files = [
    ".woodpecker/**/*.{yaml,yml}",
    ".github/workflows/*.{yaml,yml}",
    "**/{docker-compose,compose}*.{yaml,yml}",
  ]

  # Where manifests of Kubernetes and rules of Prometheus may be; which they are is told from what is in them.
  documents = ["**/*.{yaml,yml,rules}"]

  # What is wrong with intent, for a test; what shows several ways beside one another; and what Helm fills in before anybody reads it.
  not_read = ["**/{testdata,fixtures}/**", "**/{example,examples}/**", "**/templates/**"]
}

# The directories of charts.
gather "charts" {
  label = "the chart is here"
  select "text" {
    files   = ["**/Chart.yaml"]
    words   = ["apiVersion"]
    matches = "(?m)^(?<at>apiVersion):"
  }
  let "source" { text = "{file}" }
  let "directory" {
    path    = "source"
    capture = "^(?<value>.*?)/?[^/]+$"
  }
}
