summary    = "value that differs on every run"
convention = "D06"
severity   = "warning"
facts      = "stack"

select "text" {
  files   = ["**/*.{tf,tf.json}"]
  words   = ["timestamp(", "uuid(", "ttl_seconds_after_finished"]
  matches = "(?<dated>\\boutput\\s+\"[^\"]*\"\\s*\\{[^{}]*?\\bformatdate\\([^{}()]*?)?(?<formatted>\\bformatdate\\([^{}()]*?(?:\\btimeadd)?)?(?:^|[^.A-Za-z0-9_\"'`-])(?<at>(?<function>timestamp|plantimestamp|uuid)\\(\\s*\\)|(?<lifetime>ttl_seconds_after_finished\\s*=\\s*\"?[0-9]+\"?))"
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

# A date in an output changes as seldom as its format says.
unless {
  path    = "dated"
  present = true
}

# What only decides whether something is right is no value that could change.
unless {
  text   = "{keys}"
  one_of = ["condition", "error_message"]
}

let "attribute" {
  path    = "keys"
  capture = "^[^.]+"
}

unless {
  exists {
    in         = "ignored_entries"
    match      = { file = "{file}", address = "{address}" }
    matched_by = { list = "(?s)\\s*all\\b.*|.*[\\s.,\\[]{attribute}(?:\\[[^\\]]*\\])?\\s*[],#].*" }
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

forbid "perpetual" { path = "" }

case "perpetual" {
  when {
    path    = "lifetime"
    present = true
  }
  message = "the job deletes itself when it is done, and Terraform finds it missing: every plan makes it anew, every apply runs it again"
  help    = "leave `ttl_seconds_after_finished` out: a finished job costs nothing"
}

# Once a day, or in each second: as its format says.
case "perpetual" {
  when {
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
