summary    = "image is pushed with somebody's token, and not with that of the run"
convention = "B23"
severity   = "warning"

select "file" { files = param.workflows }

each "step" { path = "jobs.*.steps[*]" }

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
}

case "token" {
  message = "`{value}` belongs to a person, who may do more than push this package, and may leave"
  help    = "write `$${{{{ secrets.GITHUB_TOKEN }}}}`, and `packages: write` in the job's `permissions`"
}
