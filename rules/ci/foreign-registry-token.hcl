summary    = "image is pushed with somebody's token, and not with that of the run"
convention = "B23"
severity   = "warning"

select "file" { files = param.workflows }

each "job" { path = "jobs.*" }

each "step" { path = "job.steps[*]" }

where {
  path    = "step.uses"
  matches = "^docker/login-action@"
}

where {
  path   = "step.with.registry"
  equals = "ghcr.io"
}

require "token" {
  path    = "step.with.password"
  matches = "\\b(?:secrets\\.GITHUB_TOKEN|github\\.token)\\b"

  fix {
    # The token of the run pushes where the run may write packages.
    when {
      all {
        path    = "step.with.password"
        present = true
      }
      any {
        all {
          path   = ["permissions.packages", "job.permissions.packages"]
          equals = "write"
        }
        all {
          path   = ["permissions", "job.permissions"]
          equals = "write-all"
        }
      }
    }
    replace = "$${{{{ secrets.GITHUB_TOKEN }}}}"
  }
}

case "token" {
  message = "`{value}` belongs to a person, who may do more than push this package, and may leave"
  help    = "write `$${{{{ secrets.GITHUB_TOKEN }}}}`, and `packages: write` in the job's `permissions`"
}
