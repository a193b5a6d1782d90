summary    = "chart is built with whatever version of another one its repository serves"
convention = "C47"
severity   = "warning"
reads      = ["**/Chart.yaml", "**/Chart.lock", "**/requirements.lock"]

select "selector" { of = "dependency" }

# A lock file says which version it was, and is taken with the chart.
unless {
  exists {
    in    = "locked_dependencies"
    match = { beside = "{directory}", named = "{chart}" }
  }
}

require "missing" {
  path      = "dependency.version"
  matches   = "\\S"
  at        = "dependency.name"
}

forbid "range" {
  path    = "dependency.version"
  matches = "[~^<>=*,|]| - |(^|\\.)[xX](\\.|$)|^(latest|v?[0-9]+(\\.[0-9]+)?)$"
}

case "missing" {
  message = "`{chart}` has no version and no `Chart.lock`: the chart is built with whatever its repository serves by then"
  help    = "write the version as `version`, or keep `Chart.lock` in the repo"
}

case "range" {
  message = "version `{value}` of `{chart}` is a range, and there is no `Chart.lock`: the same chart is another one at its next build"
  help    = "write the version, or keep `Chart.lock` in the repo"
}
