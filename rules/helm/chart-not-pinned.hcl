summary    = "chart is installed in whatever version its repository serves"
convention = "C47"
severity   = "warning"
reads      = ["docs/**/*.md"]

select "resource" { types = ["helm_release"] }

# A chart in the repo itself, or one named by the address of its archive, is what it is.
unless {
  path    = "chart"
  matches = "^(\\.|/|https?://)"
}

let "chart" { path = "chart" }

let "rest" {
  path    = "chart"
  capture = "^.(?<value>.+)"
}

require "missing" {
  path      = "version"
  present   = true
  underline = "subject"

  fix {
    safety = "display"
    title  = "write a `version`"
    set    = { version = "…" }
  }
}

forbid "range" {
  path    = "version"
  matches = "[~^<>=*,|]| - |(^|\\.)[xX](\\.|$)|^(latest|v?[0-9]+(\\.[0-9]+)?)?$"
}

case "missing" {
  severity = "info"
  when {
    exists {
      in    = "watched_components"
      match = { rest = "{rest}" }
    }
  }
  message = "chart `{chart}` has no version; the documents say that it is watched"
  help    = "write the version that is installed now as `version`, so that an upgrade is a change"
}

case "missing" {
  message = "chart `{chart}` has no version: the next apply upgrades to whatever its repository serves by then"
  help    = "write the version that is installed now as `version`"
}

case "range" {
  message = "version `{value}` of chart `{chart}` is a range: an apply upgrades without a change in the code"
  help    = "write the version that is installed now"
}
