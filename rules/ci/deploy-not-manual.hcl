summary    = "pipeline that rolls out an image starts by itself"
convention = "B25"
severity   = "error"
facts      = "repo"

select "file" {
  files = [param.pipelines, param.deploy_templates]
  reads = "yaml_template"
}

where {
  any {
    all {
      text    = "{file}"
      matches = "(?:^|/)deploy\\.ya?ml(?:\\.tmpl)?$"
    }
    exists {
      in    = "rollouts"
      match = { file = "{file}" }
    }
  }
}

forbid "event" {
  path     = "when.event"
  contains = ["push", "pull_request", "pull_request_closed", "tag", "release", "deployment", "cron"]

  # Of a list its other events, and what is said beside them, are somebody's.
  fix {
    when {
      path   = "when.event"
      one_of = ["push", "pull_request", "pull_request_closed", "tag", "release", "deployment", "cron"]
    }
    replace = "manual"
  }
}

require "unsaid" {
  path    = "when.event"
  present = true
}

# What is filled in below the steps is no event.
require "unsaid" {
  when {
    text    = "{file}"
    matches = "\\.tmpl$"
  }
  exists {
    in    = "timed_templates"
    match = { file = "{file}" }
  }
}

case "event" {
  message = "this pipeline rolls out an image, and starts by itself: the mirror pushes without a tag, and that would be rolled out"
  help    = "write `event: manual`: whoever has built the image starts it, and says which"
}

case "unsaid" {
  message = "this pipeline rolls out an image, and every event starts it: the mirror pushes without a tag, and that would be rolled out"
  help    = "add `when: [{{ event: manual }}]`: whoever has built the image starts it, and says which"
}
