summary    = "job changes with each plan, and runs each time"
convention = "C22"
severity   = "warning"

select "resource" {
  types = ["kubernetes_job", "kubernetes_job_v1"]
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
