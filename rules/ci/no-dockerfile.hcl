summary    = "image is built from a directory that has no Dockerfile"
severity   = "error"
facts      = "repo"

select "file" { files = param.workflows }

each "job" { path = "jobs.*" }

# What the job fetches, makes or moves may be anywhere.
unless {
  any {
    all {
      path    = ["job.steps[*].with.repository", "job.steps[*].with.path", "job.container"]
      present = true
    }
    all {
      path    = "job.steps[*].run"
      matches = "(?i)\\b(?:dockerfile|containerfile)\\b|\\b(?:git +clone|git +checkout|cp|mv|ln|rsync|tar|unzip|patch|cd)\\b"
    }
    all {
      path    = "job.steps[*].uses"
      matches = "download-artifact@"
    }
  }
}

each "step" { path = "job.steps[*]" }

where {
  path    = "step.uses"
  matches = "^docker/build-push-action@"
}

# A directory of the repo, and no address: without one the step builds what the forge has.
let "context" {
  path    = "step.with.context"
  capture = "^(?:\\./)?(?<value>[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)/?$"
}

where {
  path    = "context"
  present = true
}

unless {
  path    = "step.with.context"
  matches = "^\\.?/?$|(?:^|/)\\.\\.(?:/|$)"
}

# Another file is a path from the root of the repo, and is asked about by its own name.
unless {
  path    = "step.with.file"
  present = true
}

require "missing" {
  exists {
    in    = "dockerfiles"
    match = { path = "{context}/Dockerfile" }
  }
  at = "step.with.context"
}

case "missing" {
  message = "there is no `{context}/Dockerfile`: every run of this workflow fails, and the image stays what it was"
  help    = "write the directory that has it now, here and among the `paths` that start the workflow"
}
