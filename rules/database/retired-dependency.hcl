summary    = "chart of the repo is built with one of a publisher that stopped serving it"
convention = "B21"
severity   = "warning"

select "file" {
  files = ["**/Chart.yaml", "**/requirements.yaml"]
  words = ["dependencies"]
}

each "dependency" { path = "dependencies[*]" }

let "chart" { path = "dependency.name" }

# Only templates for others: it runs nothing.
unless {
  text = "{chart}"
  like = param.libraries
}

# An alias of a repository is written behind a mark.
let "served" {
  path    = "dependency.repository"
  capture = "^(?:@|alias:)?(?<value>.+)$"
}

let "whole" { text = "{served}/{chart}" }

forbid "retired" {
  path = "whole"
  like = [param.retired_charts]
  at   = "dependency.repository"
}

case "retired" {
  message = "`{value}` is frozen, and its images are gone from the registry: a new node cannot pull them"
  help    = "use the operator of the database, or the plain image in a stateful set"
}
