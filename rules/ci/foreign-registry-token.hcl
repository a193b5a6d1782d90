summary    = "image is pushed with somebody's token, and not with that of the run"
convention = "B23"
severity   = "warning"

select "file" { files = [param.workflows, param.actions] }

each "job" { path = ["jobs.*", "runs"] }

each "step" { path = "job.steps[*]" }

where {
  path    = "step.uses"
  matches = "^docker/login-action@"
}

where {
  path   = "step.with.registry"
  equals = "ghcr.io"
}

# Whose token a composite action is given, only who calls it says.
unless {
  path    = "step.with.password"
  matches = "\\binputs\\."
  not { path = "jobs" }
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
