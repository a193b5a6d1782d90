summary    = "value that differs on every run"
convention = "D06"
severity   = "warning"
facts      = "stack"

select "text" {
  files   = ["**/*.{tf,tf.json}"]
  words   = ["timestamp(", "uuid(", "ttl_seconds_after_finished"]
  matches = "(?<provisioned>\\bprovisioner\\s+\"[^\"]*\"\\s*\\{(?:[^{}]|\\{[^{}]*\\})*?(?:\\{[^{}]*?)?)?(?<dated>\\boutput\\s+\"[^\"]*\"\\s*\\{[^{}]*?\\bformatdate\\([^{}()]*?)?(?<formatted>\\bformatdate\\([^{}()]*?(?:\\btimeadd)?)?(?:^|[^.A-Za-z0-9_\"'`-])(?<at>(?<function>timestamp|plantimestamp|uuid)\\(\\s*\\)|(?<lifetime>\"?ttl_seconds_after_finished\"?\\s*[=:]\\s*\"?[0-9]+\"?))"
  zones   = ["code", "string"]
}

# Only a job that Terraform makes itself is missed by it.
unless {
  all {
    path    = "lifetime"
    present = true
  }
  not {
    text    = "{address}"
    matches = "(?:^|\\.)kubernetes_job(?:_v1)?\\."
  }
}

# A date in an output changes as seldom as its format says, where the plan knows the time.
unless {
  all {
    path    = "dated"
    present = true
  }
  all {
    path   = "function"
    equals = "plantimestamp"
  }
}

# What only decides whether something is right is no value that could change, and neither is what is gone when the run is over.
unless {
  text   = "{keys}"
  one_of = ["condition", "error_message"]
}

unless {
  text    = "{address}"
  matches = "^ephemeral\\."
}

let "attribute" {
  path    = "keys"
  capture = "^[^.]+"
}

# No plan shows what is run, or by which way.
unless {
  path    = "provisioned"
  present = true
}

unless {
  all {
    text    = "{address}"
    matches = "(?:^|\\.)(?:null_resource|terraform_data)\\."
  }
  all {
    path   = "attribute"
    one_of = param.arguments_of_provisioners
  }
}

# Nor how a provider signs in; but for what it gives to all resources.
unless {
  all {
    text    = "{address}"
    matches = "^provider\\."
  }
  not {
    text    = "{keys}"
    matches = "(?:tags|labels)\\b"
  }
}

# What exists so that something is done anew.
let "forcing" {
  path    = "keys"
  capture = "^(?:triggers|triggers_replace|keepers)\\b"
}

# There, a condition in front of it is a switch for it.
unless {
  all {
    path    = "forcing"
    present = true
  }
  all {
    path    = "before"
    matches = "\\?"
  }
}

unless {
  exists {
    in         = "ignored_entries"
    match      = { file = "{file}", address = "{address}" }
    matched_by = { list = "(?s)\\s*all\\b.*|.*[\\s.,\\[\"]{attribute}(?:\\[[^\\]]*\\])?\"?\\s*[],#/].*" }
  }
}

# What a local or a call of a module hands on is ignored by whoever gets it: by its key, or as one of all tags.
let "shared" {
  path    = "keys"
  capture = "(?:tags|labels)\\b"
  default = "-"
}

unless {
  all {
    text    = "{address}"
    matches = "^(?:locals|module\\..*)$"
  }
  exists {
    in         = "ignored_entries"
    matched_by = { list = "(?s).*\\[\"{key}\"\\].*" }
  }
}

unless {
  all {
    text   = "{address}"
    equals = "locals"
  }
  exists {
    in         = "ignored_entries"
    match      = { module = "{module}" }
    matched_by = { list = "(?s)\\s*all\\b.*|.*[\\s.,\\[]{shared}\\s*[],].*" }
  }
}

unless {
  all {
    text    = "{address}"
    matches = "^module\\."
  }
  exists {
    in         = "ignored_entries"
    matched_by = { list = "(?s).*[\\s.,\\[]{shared}\\s*[],].*" }
  }
}

forbid "perpetual" {
  when {
    path    = "forcing"
    present = false
  }
  path = ""
}

# That is known to whoever wrote it, and meant.
forbid "every_apply" {
  when {
    path    = "forcing"
    present = true
  }
  path = ""
}

case "perpetual" {
  when {
    path    = "lifetime"
    present = true
  }
  message = "the job deletes itself when it is done, and Terraform finds it missing: every plan makes it anew, every apply runs it again"
  help    = "leave `ttl_seconds_after_finished` out: a finished job costs nothing"
}

# Once a day, or in each second: as its format says. Only the time of the plan is known before it is applied.
case "perpetual" {
  when {
    all {
      path   = "function"
      equals = "plantimestamp"
    }
    any {
      all {
        path    = "formatted"
        present = true
      }
      exists {
        in    = "dated_locals"
        match = { named = "{key}", module = "{module}" }
      }
    }
  }
  message = "`formatdate` of `{function}()` says something else as soon as its date has passed: plans have a change that nobody made, and real drift hides behind it"
  help    = "give `formatdate` the `rfc3339` of a `time_static` resource, which keeps its time; or name what it should depend on: a hash of the content, a version"
}

case "perpetual" {
  when {
    any {
      all {
        path    = ["formatted", "dated"]
        present = true
      }
      exists {
        in    = "dated_locals"
        match = { named = "{key}", module = "{module}" }
      }
    }
  }
  message = "`{function}()` is not known before the apply, and neither is a date made of it: each plan has a change that nobody made, and real drift hides behind it"
  help    = "give `formatdate` the `rfc3339` of a `time_static` resource, which keeps its time, or `plantimestamp()`, which plans know: that changes when its date has passed"
}

case "perpetual" {
  when {
    path   = "function"
    equals = "uuid"
  }
  message = "`uuid()` differs on every run: each plan has a change that nobody made, and real drift hides behind it"
  help    = "write the `result` of a `random_uuid` resource, which keeps it; or name what it should depend on: a hash of the content, a version"
}

case "perpetual" {
  message = "`{function}()` differs on every run: each plan has a change that nobody made, and real drift hides behind it"
  help    = "write the `rfc3339` of a `time_static` resource, which keeps its time; or name what it should depend on: a hash of the content, a version"
}

case "every_apply" {
  severity = "info"
  when {
    all {
      path   = "function"
      equals = "plantimestamp"
    }
    all {
      path    = "formatted"
      present = true
    }
  }
  message = "something is done anew as soon as the date in `{attribute}` has passed: that plan has a change that nobody made"
  help    = "name what it should depend on, if that is not the date: a hash of the content, a version"
}

case "every_apply" {
  severity = "info"
  message  = "with `{function}()` in `{attribute}` something is done anew on every apply: no plan is clean then, and real drift hides among the changes"
  help     = "name what it should depend on, if that is not the time: a hash of the content, a version"
}
