summary    = "pipeline is not on the list of what Woodpecker runs"
convention = "E21"
severity   = "warning"
reads      = ["docs/architecture/*.md", ".github/workflows/*.{yml,yaml}"]

select "file" { files = [".woodpecker/*.{yml,yaml}"] }

let "path" { text = "{file}" }

forbid "build" {
  # Where images are built outside of the cluster.
  when {
    exists { in = "outside_builds" }
  }
  text    = "{file}"
  matches = "/build(?:[-_][\\w-]+)?\\.ya?ml$"
}

require "unlisted" {
  path = "path"
  in   = "roster.listed"
}

case "build" {
  message = "`{file}` has the name of a pipeline that builds: images are built outside of the cluster, in `.github/workflows`"
  help    = "move it to `.github/workflows`"
}

case "unlisted" {
  message = "`{file}` is not on the list of what Woodpecker runs: whoever looks there does not know of it"
  help    = "add a row for it to `docs/architecture/ci-cd.md`, with what it is for"
}
