summary = "files that a program reads as they are, and cannot"

applies_when {
  file { path = ".github/workflows/*.{yaml,yml}" }
}

applies_when {
  file { path = ".gitlab-ci.{yaml,yml}" }
}

applies_when {
  file { path = ".woodpecker/**/*.{yaml,yml}" }
}

applies_when {
  file { path = "**/{docker-compose,compose}*.{yaml,yml}" }
}

applies_when {
  file { path = "**/{prometheus,alertmanager,promtail,loki}.{yaml,yml}" }
}

applies_when {
  file { path = "**/*values*.{yaml,yml}" }
}

params {
  # YAML that a program reads as it is: pipelines, what looks after a repo, compose files.
  yaml_files = [
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
    "**/{prometheus,alertmanager,promtail,loki}.{yaml,yml}", "**/*.{rules,alerts}.{yaml,yml}", "**/*values*.{yaml,yml}",
    "**/{Chart,kustomization}.{yaml,yml}",
  ]
  template_marks = ["{{", "{%", "<%", "$${", "[[", "@@"]
}
