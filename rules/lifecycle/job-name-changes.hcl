summary    = "job changes with each plan, and runs each time"
convention = "C22"
severity   = "warning"
facts      = "stack"

select "resource" {
  types = ["kubernetes_job", "kubernetes_job_v1"]
}

let "named_after" {
  path    = "metadata.name"
  address = true
  default = "nothing"
}

let "replaced_with" {
  path    = "lifecycle.replace_triggered_by[0]"
  address = true
  default = "nothing"
}

forbid "generated" {
  derive  = false
  when {
    not {
      ignored { field = "metadata[0].name" }
    }
  }
  path    = "metadata.generate_name"
  present = true
}

forbid "changes" {
  when {
    not {
      ignored { field = "metadata[0].name" }
    }
  }
  path    = "metadata.name"
  calls   = param.moving
  through = true
}

# Nothing of a job's pods can be changed: another word there is another job.
forbid "pods" {
  when {
    not {
      ignored { field = "spec[0].template[0].metadata[0].annotations" }
    }
  }
  path    = ["spec.template.metadata.annotations", "spec.template.metadata.labels"]
  calls   = param.moving
  through = true
}

forbid "pods" {
  when {
    not {
      ignored { field = "spec[0].template[0].spec" }
    }
  }
  path    = ["spec.template.spec.**.value", "spec.template.spec.**.command", "spec.template.spec.**.args", "spec.template.spec.**.image"]
  calls   = param.moving
  through = true
}

forbid "renamed" {
  when {
    not {
      ignored { field = "metadata[0].name" }
    }
  }
  exists {
    in    = "restless"
    match = { made = "{module} {named_after}" }
  }
  at = "metadata.name"
}

forbid "replaced" {
  exists {
    in    = "restless"
    match = { made = "{module} {replaced_with}" }
  }
  at = "lifecycle.replace_triggered_by"
}

case "renamed" {
  message = "job `{name}` is named after `{named_after}`, which is made anew with each plan: every apply replaces it and runs it again"
  help    = "write a fixed name, or add `metadata[0].name` to `ignore_changes`"
}

case "replaced" {
  message = "job `{name}` is replaced with `{replaced_with}`, which is made anew with each plan: every apply runs it again"
  help    = "name what it should depend on, as a hash of the file that it runs"
}

case "generated" {
  message = "job `{name}` has no name of its own: nobody can wait for it, and a replacement runs beside the old one"
  help    = "write `name`"
}

case "changes" {
  message = "the name of job `{name}` changes with each plan: every apply replaces it and runs it again"
  help    = "write a fixed name, or add `metadata[0].name` to `ignore_changes`"
}

case "pods" {
  message = "the pods of job `{name}` change with each plan: every apply replaces it and runs it again"
  help    = "write what it should depend on, as a hash of the file that it runs"
}
