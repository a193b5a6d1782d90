summary    = "image is built in a way that the registry or the cluster cannot handle"
convention = "B23"
severity   = "error"
facts      = "repo"

select "file" { files = [param.workflows, param.actions] }

# A composite action is one job of those that call it: when it runs, and what it may, they say.
each "job" { path = ["jobs.*", "runs"] }

each "step" { path = "job.steps[*]" }

let "action" {
  path    = "step.uses"
  capture = "(?i)^docker/build-push-action@"
}

# The same as a command, which pushes what it builds.
let "command" {
  path    = "step.run"
  capture = "\\bdocker buildx build\\b(?:[^\\n\\\\]|\\\\\\n)*"
}

where {
  any {
    all {
      path    = "action"
      present = true
    }
    all {
      path    = "command"
      matches = "--push\\b|\\bpush=true\\b|\\btype=registry\\b"
    }
  }
}

# What is pushed nowhere only shows that it can be built.
unless {
  path   = "step.with.push"
  equals = false
}

let "platform" { text = param.platform }

let "platforms" {
  path    = "step.run"
  capture = "\\bdocker buildx build\\b(?:[^\\n\\\\]|\\\\\\n)*?--platform[= ]+[\"']?(?<value>[^\\s\"'\\\\]+)"
}

let "tags" { path = "step.with.tags" }

require "platform" {
  when {
    path    = "action"
    present = true
  }
  path      = "step.with.platforms"
  present   = true
  underline = "key"
}

require "platform" {
  when {
    path    = "action"
    present = true
  }
  # What an expression gives, nobody can say.
  when {
    path    = "step.with.platforms"
    present = true
    not {
      path     = "step.with.platforms"
      contains = "$${{"
    }
  }
  path    = "step.with.platforms"
  matches = "^\\s*{platform}\\s*$"

  fix {
    replace = "{platform}"
  }
}

require "platform" {
  when {
    path    = "platforms"
    present = true
    not {
      path     = "platforms"
      contains = "$"
    }
  }
  path   = "platforms"
  equals = "{platform}"
}

require "provenance" {
  when {
    path    = "action"
    present = true
  }
  path      = "step.with.provenance"
  present   = true
  underline = "key"
}

require "provenance" {
  when {
    path    = "action"
    present = true
  }
  when {
    path    = "step.with.provenance"
    present = true
    not {
      path     = "step.with.provenance"
      contains = "$${{"
    }
  }
  path   = "step.with.provenance"
  equals = false

  fix {
    replace = "false"
  }
}

# Other attestations make an index as well.
forbid "attested" {
  when {
    path    = "action"
    present = true
  }
  path   = "step.with.sbom"
  equals = true

  fix { replace = "false" }
}

forbid "attested" {
  when {
    path    = "action"
    present = true
  }
  path    = "step.with.attests"
  matches = "type="
}

# What is only proposed is built, if at all, for nobody; where something asks what the run is for, it may know.
forbid "proposed" {
  when {
    path    = "action"
    present = true
  }
  when {
    path   = "step.with.push"
    equals = true
    not {
      path    = ["job.if", "step.if"]
      present = true
    }
  }
  path      = "on"
  contains  = ["pull_request", "pull_request_target"]
  at        = "on"
  underline = "key"
}

require "registry" {
  when {
    path    = "action"
    present = true
  }
  path    = "step.with.tags"
  matches = "ghcr\\.io/|\\$\\{\\{ *(?:env|needs|steps|vars|inputs|matrix)\\."
  at      = "step.with.tags"
}

require "version" {
  when {
    path    = "action"
    present = true
  }
  when {
    not {
      path    = "tags"
      matches = "(?m)^\\s*\\$\\{\\{(?:[^}]|\\}[^}])*\\}\\}\\s*$"
    }
  }
  path    = "step.with.tags"
  matches = ":(?:\\$\\{\\{|v?\\d)|@"
  at      = "step.with.tags"
}

require "latest" {
  when {
    path    = "action"
    present = true
  }
  when {
    not {
      path    = "tags"
      matches = "(?m)^\\s*\\$\\{\\{(?:[^}]|\\}[^}])*\\}\\}\\s*$"
    }
  }
  path     = "step.with.tags"
  contains = ":latest"
  at       = "step.with.tags"
}

# What a job says of its permissions replaces what the workflow says. One that others call has what they give it.
require "permission" {
  when {
    path    = "action"
    present = true
  }
  when {
    path = "jobs"
    not {
      path     = "on"
      contains = "workflow_call"
    }
  }
  any {
    all {
      path   = "job.permissions.packages"
      equals = "write"
    }
    all {
      path   = "job.permissions"
      equals = "write-all"
    }
    all {
      not {
        path    = "job.permissions"
        present = true
      }
      any {
        all {
          path   = "permissions.packages"
          equals = "write"
        }
        all {
          path   = "permissions"
          equals = "write-all"
        }
      }
    }
  }
  at = "step.uses"
}

require "branch" {
  when {
    path    = "action"
    present = true
  }
  path  = "on.push.branches[*]"
  in    = "main_branches.branch"
  every = true
}

# A push of any branch, in all the ways in which that can be written; one of tags alone starts it with those.
require "unbranched" {
  when {
    path    = "action"
    present = true
  }
  when {
    path     = "on"
    contains = "push"
    not {
      path    = ["on.push.tags", "on.push.tags-ignore"]
      present = true
    }
  }
  path      = "on.push.branches"
  present   = true
  at        = "on"
  underline = "key"
}

case "platform" {
  message = "the cluster runs `linux/amd64` alone: an image for more is an index, of which the registry's clean-up leaves parts behind"
  help    = "write `platforms: linux/amd64`"
}

case "provenance" {
  message = "without `provenance: false` the image is an index with attestations: the registry's clean-up leaves parts of it behind"
  help    = "write `provenance: false`"
}

case "attested" {
  message = "attestations make the image an index: the registry's clean-up leaves parts of it behind"
  help    = "write `sbom: false`, and no `attests`"
}

case "proposed" {
  message = "a pull request pushes the image that the cluster runs, before anybody has agreed to it"
  help    = "take `pull_request` out, or write `push: $${{{{ github.event_name != 'pull_request' }}}}`"
}

case "registry" {
  message = "the image does not go to `ghcr.io`, from which the cluster pulls"
  help    = "add a tag `ghcr.io/…:$${{{{ github.sha }}}}`"
}

case "version" {
  message = "no tag names this one build: what ran yesterday cannot be pulled again"
  help    = "add a tag `ghcr.io/…:$${{{{ github.sha }}}}`"
}

case "latest" {
  message = "no tag is `latest`: what follows it stays on an old build"
  help    = "add a tag `ghcr.io/…:latest`"
}

case "permission" {
  message = "the job may not write packages: its own token cannot push to `ghcr.io`"
  help    = "add `permissions: {{ contents: read, packages: write }}`"
}

case "branch" {
  when {
    path    = "value"
    matches = "[*?+!\\[]"
  }
  message = "a push to any branch that `{value}` fits builds the image that the cluster runs"
  help    = "write `branches: [master]` below `on.push`"
}

case "branch" {
  message = "`{value}` is not the branch that the cluster runs: its image is built from other code, or, with no such branch, never"
  help    = "write `branches: [master]` below `on.push`"
}

case "unbranched" {
  message = "a push to any branch builds the image that the cluster runs"
  help    = "write `branches: [master]` below `on.push`"
}
