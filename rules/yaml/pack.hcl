summary = "YAML that a known program reads as it is: pipelines, compose files, manifests, rules of Prometheus, values of charts"

applies_when {
  file { path = "{.woodpecker,.github}/**/*.{yaml,yml}" }
}

applies_when {
  file { path = "{.woodpecker,.gitlab-ci,.drone,.travis}.{yaml,yml}" }
}

applies_when {
  file { path = "**/{prometheus,alertmanager,promtail,loki}.{yaml,yml}" }
}

applies_when {
  file { path = "**/values.{yaml,yml}" }
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
    ".woodpecker.{yaml,yml}",
    ".woodpecker/**/*.{yaml,yml}",
    ".github/workflows/*.{yaml,yml}",
    ".github/actions/**/action.{yaml,yml}",
    ".github/dependabot.{yaml,yml}",
    ".gitlab-ci.{yaml,yml}",
    ".circleci/config.{yaml,yml}",
    ".{travis,drone,appveyor}.{yaml,yml}",
    "{azure,bitbucket}-pipelines.{yaml,yml}",
    "cloudbuild.{yaml,yml}",
    ".pre-commit-config.{yaml,yml}",
    "**/{docker-compose,compose}*.{yaml,yml}",
  ]

  # The same, but that some of them are templates; and what stands in one.
  filled_files = [
    "**/{prometheus,alertmanager,promtail,loki}.{yaml,yml}", "**/*.{rules,alerts}.{yaml,yml}", "**/values.{yaml,yml}",
    "**/{Chart,kustomization}.{yaml,yml}",
  ]
  template_marks = ["{{", "{%", "<%", "$${", "[[", "@@"]

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
